import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const fixtures = join(import.meta.dirname, 'fixtures');
const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
// Longer than a whole run takes on a busy machine; the fixtures' own limits end them much earlier.
const patienceMs = 120_000;

let temporary: string;
let endRun: () => void;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'left-behind-'));
});
afterEach(() => {
  endRun();
  rmSync(temporary, { recursive: true, force: true });
});

describe.each(['forks', 'threads'])('in a pool of %s', (pool) => {
  it('nothing is left of tests that fail or run into their time limit', async () => {
    const run = runVitest(pool, 'ended');
    const output = await run.ended;
    expect(output).toMatch(/Tests +3 failed \| 2 passed \(5\)/);
    await nothingIsLeft(run.pid);
  }, patienceMs);

  it.each([
    { how: 'a Ctrl-C at the terminal', signal: 'SIGINT', group: true },
    { how: 'SIGINT', signal: 'SIGINT', group: false },
    { how: 'SIGKILL', signal: 'SIGKILL', group: false },
  ] as const)('nothing is left of a run that is interrupted by $how', async ({ signal, group }) => {
    const run = runVitest(pool, 'hanging');
    await booted(run.ended);
    expect(foldersLeft()).toHaveLength(2);
    expect(processesLeft(run.pid).filter((each) => each.includes('nats-server'))).not.toEqual([]);
    process.kill(group ? -run.pid : run.pid, signal);
    await nothingIsLeft(run.pid);
  }, patienceMs);
});

/** Resolves when the fixture has booted, and throws what the run printed if it ends before. */
async function booted(ended: Promise<string>): Promise<void> {
  const early = ended.then((output) => Promise.reject(new Error(`the run ended too early:\n${output}`)));
  await Promise.race([vi.waitUntil(() => existsSync(join(temporary, 'booted')), { timeout: patienceMs }), early]);
  early.catch(() => undefined);
}

/** Runs a fixture as a command at a terminal does: in a process group of its own. */
function runVitest(pool: string, fixture: string): { pid: number; ended: Promise<string> } {
  const child = spawn(process.execPath, [vitest, 'run', '--config', join(fixtures, 'vitest.config.ts'), '--pool', pool, `${fixture}.fixture.ts`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'], TMPDIR: temporary, NO_COLOR: '1' },
  });
  const pid = child.pid ?? 0;
  endRun = () => { if (processesLeft(pid).length > 0) process.kill(-pid, 'SIGKILL'); };
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { output += text; });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => { resolve(output); });
  });
  return { pid, ended };
}

async function nothingIsLeft(group: number): Promise<void> {
  await vi.waitFor(() => { expect([...foldersLeft(), ...processesLeft(group)]).toEqual([]); }, { timeout: 10_000 });
}

function foldersLeft(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('isesim'));
}

/** Processes of the group, and those that have a folder of this run in their command line; not what is dead and not yet reaped. */
function processesLeft(group: number): string[] {
  const all = execFileSync('ps', ['-eww', '-o', 'pgid=,stat=,args='], { encoding: 'utf8' }).split('\n').map((line) => line.trim());
  return all.filter((line) => {
    const [pgid, state = ''] = line.split(/\s+/);
    return !state.startsWith('Z') && (Number(pgid) === group || line.includes(temporary));
  });
}
