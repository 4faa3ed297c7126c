import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { isAlive } from '../client/control-file.ts';
import { Worker } from './worker.ts';
import type { Task } from './worker-message.ts';

const folder = mkdtempSync(join(tmpdir(), 'isesim-worker-'));
const workers: Worker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});
afterAll(() => { rmSync(folder, { recursive: true }); });

const scenario = { file: 'lab.yaml', name: 'a test', seed: 7 };
const task = { file: 'lab.yaml' } as Task;

/** A worker whose process does `does` when it is told `message`. */
function workerThat(does: string, options: { timeoutMs?: number; onStall?: (file: string, blockers: readonly string[]) => void } = {}): Worker {
  const module = join(folder, `${workers.length}-${Math.random()}.mjs`);
  writeFileSync(module, `const tell = (message) => process.send(message);\nconst played = { kind: 'played', result: { pid: process.pid } };\nprocess.on('message', (message) => { ${does} });\n`);
  const worker = new Worker({ env: process.env, timeoutMs: 60_000, onStall: () => undefined, module, ...options });
  workers.push(worker);
  return worker;
}

const stops = "if (message.kind === 'stop') process.exit(0);";

it('plays one scenario after another in the same process', async () => {
  const worker = workerThat(`${stops} tell(played);`);
  const first = await worker.play(task, scenario);
  expect(first).toEqual({ pid: expect.any(Number) as number });
  expect(await worker.play(task, scenario)).toEqual(first);
});

it('that dies says how, and the next scenario gets a new process', async () => {
  const worker = workerThat(`${stops} if (message.task.seed === 1) process.exit(7); tell(played);`);
  expect(await worker.play({ ...task, seed: 1 }, scenario)).toMatchObject({ ...scenario, outcome: 'error', steps: [], audit: null, message: 'the process that played it ended: exit code 7' });
  expect(await worker.play(task, scenario)).toHaveProperty('pid');
});

it('that is killed says by what', async () => {
  const worker = workerThat("process.kill(process.pid, 'SIGKILL');");
  expect((await worker.play(task, scenario)).message).toBe('the process that played it ended: SIGKILL');
});

it('that ended after its scenario is replaced for the next', async () => {
  const worker = workerThat('process.send(played, () => process.exit(0));');
  const first = (await worker.play(task, scenario)) as unknown as { pid: number };
  while (isAlive(first.pid)) await new Promise<void>((resolve) => setImmediate(resolve));
  const second = await worker.play(task, scenario);
  expect(second).toEqual({ pid: expect.any(Number) as number });
  expect(second).not.toEqual(first);
});

it('that does not end is killed at the time limit, and what it waited for is told', async () => {
  const stalls: unknown[] = [];
  const worker = workerThat(`${stops} tell({ kind: 'stalled', blockers: ['psn-1: sending mail'] });`, { timeoutMs: 2_000, onStall: (...stall) => stalls.push(stall) });
  expect((await worker.play(task, scenario)).message).toBe('it did not end within 2 s; it waited for psn-1: sending mail');
  expect(stalls).toEqual([['lab.yaml', ['psn-1: sending mail']]]);
});

it('that is stopped hands over what came of its scenario', async () => {
  const worker = workerThat("if (message.kind === 'stop') { tell(played); process.disconnect(); } else tell({ kind: 'stalled', blockers: [] });", { onStall: () => void worker.stop() });
  expect(await worker.play(task, scenario)).toHaveProperty('pid');
});

it('that is stopped and does not end is killed, and its scenario counts as interrupted', async () => {
  const worker = workerThat("if (message.kind === 'play') tell({ kind: 'stalled', blockers: [] });", { onStall: () => void worker.stop() });
  expect((await worker.play(task, scenario)).message).toBe('interrupted');
}, 20_000);

it('that never played anything has nothing to stop', async () => {
  await expect(workerThat('').stop()).resolves.toBeUndefined();
});
