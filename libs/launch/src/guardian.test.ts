import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isAlive } from './test/is-alive.ts';

interface Parent {
  readonly child: ChildProcess;
  /** Processes that it started and told the guardian of. */
  readonly pids: readonly number[];
  readonly folder: string;
}

/** A process that has a guardian, a folder with something in it, and two processes; then it does what `then` says. */
async function startParent(then = ''): Promise<Parent> {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-guardian-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'credentials.json'), '{}');
  const contents = `
    import { spawn } from 'node:child_process';
    import { once } from 'node:events';
    import { startGuardian } from './guardian.ts';
    const guardian = startGuardian(${JSON.stringify(folder)});
    const forever = () => spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6); console.log("up")'], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const children = [forever(), forever()];
    for (const child of children) guardian.watch(child.pid, once(child, 'exit'));
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    process.send(children.map(({ pid }) => pid));
    ${then}
    setInterval(() => undefined, 1e6);
  `;
  const program = join(await mkdtemp(join(tmpdir(), 'isesim-parent-')), 'parent.mjs');
  onTestFinished(() => rm(dirname(program), { recursive: true }));
  // Where the guardian's own program is, is looked for from where its source is.
  const define = { 'import.meta.url': JSON.stringify(new URL('./guardian.ts', import.meta.url).href) };
  await build({ stdin: { contents, resolveDir: import.meta.dirname }, outfile: program, bundle: true, platform: 'node', format: 'esm', define });
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  onTestFinished(() => { child.kill('SIGKILL'); });
  const ended = once(child, 'exit').then(([code]) => { throw new Error(`the parent ended before it was up: ${code}`); });
  const [pids] = (await Promise.race([once(child, 'message'), ended])) as [number[]];
  onTestFinished(() => {
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return { child, pids, folder };
}

/** Whether anybody's guardian of this folder still runs; undefined where that cannot be seen. */
async function guardianOf(folder: string): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return undefined;
  const list = spawn('ps', ['-eo', 'args'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let found = false;
  for await (const line of createInterface({ input: list.stdout })) found ||= line.includes('guardian.js') && line.endsWith(folder);
  return found;
}

async function everythingIsGone({ pids, folder }: Parent): Promise<void> {
  await vi.waitFor(() => { expect({ alive: pids.filter(isAlive), folder: existsSync(folder) }).toEqual({ alive: [], folder: false }); }, { timeout: 10_000 });
  await vi.waitFor(async () => { expect(await guardianOf(folder)).not.toBe(true); }, { timeout: 10_000 });
}

test.each<{ how: NodeJS.Signals }>([{ how: 'SIGKILL' }, { how: 'SIGTERM' }, { how: 'SIGABRT' }])('when its process dies by $how, what that started and its folder are gone within seconds', { timeout: 60_000 }, async ({ how }) => {
  const parent = await startParent();
  expect(parent.pids.every(isAlive)).toBe(true);
  parent.child.kill(how);

  await everythingIsGone(parent);
});

test('the same when its process ends by itself without a word', { timeout: 60_000 }, async () => {
  await everythingIsGone(await startParent('process.exit(0);'));
});

test('the same when what it started was paused', { timeout: 60_000 }, async () => {
  const parent = await startParent();
  for (const pid of parent.pids) process.kill(pid, 'SIGSTOP');
  parent.child.kill('SIGKILL');

  await everythingIsGone(parent);
});

test('a guardian that is dismissed leaves, ends nothing and removes nothing', { timeout: 60_000 }, async () => {
  const parent = await startParent('await guardian.dismiss(); process.send("dismissed");');
  await once(parent.child, 'message');
  expect(await guardianOf(parent.folder)).not.toBe(true);
  parent.child.kill('SIGKILL');
  await once(parent.child, 'exit');

  expect(parent.pids.every(isAlive)).toBe(true);
  expect(existsSync(parent.folder)).toBe(true);
});

test('a process that is gone is left alone: its id may be another process\'s by now', { timeout: 60_000 }, async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)'], { stdio: 'ignore' });
  onTestFinished(() => { stranger.kill('SIGKILL'); });
  const parent = await startParent(`
    guardian.watch(${stranger.pid}, Promise.resolve());
    setImmediate(() => process.exit(0));
  `);

  await everythingIsGone(parent);
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
});
