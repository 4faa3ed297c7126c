import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScenarioResult } from '@isesim/scenario';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const topologies = join(import.meta.dirname, '../../../../topology');
const isesim = join(import.meta.dirname, '../../bundle/main.js');

const passing = `name: An alarm is mailed\ntopology: ${topologies}/standalone.yaml\nsteps:\n  - raiseAlarm: High CPU\n  - expectMail: { purpose: alarm, sentBy: ise, count: 1 }\n`;
const failing = `name: An alarm is not mailed\ntopology: ${topologies}/standalone.yaml\nseed: 7\nsteps:\n  - raiseAlarm: High CPU\n  - expectNoMail: { purpose: alarm }\n  - heal\n`;
const large = passing.replace('standalone', 'large').replace('sentBy: ise,', 'sentBy: mnt-1,').replace('An alarm', 'An alarm of a large deployment');
const endless = `name: It takes long\ntopology: ${topologies}/standalone.yaml\nsteps:\n  - forEach: { a: [${'x, '.repeat(90)}x] }\n    steps:\n      - forEach: { b: [${'x, '.repeat(90)}x] }\n        steps: [{ createGuest: a@guest.example }]\n`;

// All that a run writes of its own accord goes here.
let temporary: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isesim-run-test-'));
  temporary = join(folder, 'tmp');
  mkdirSync(temporary);
});
afterAll(() => {
  for (const child of interrupted) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
const interrupted: ChildProcess[] = [];

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const env = () => ({ ...process.env, TMPDIR: temporary, NO_COLOR: '1' });

function run(...args: string[]) {
  return spawnSync(process.execPath, [isesim, 'run', ...args], { cwd: folder, encoding: 'utf8', env: env() });
}

function resultsOf(stdout: string): ScenarioResult[] {
  return (JSON.parse(stdout) as { results: ScenarioResult[] }).results;
}

describe('isesim run', { timeout: 60_000 }, () => {
  it('exits with 0 when all pass, and leaves nothing', () => {
    const { status, stdout, stderr } = run(file('passing.yaml', passing));
    expect([status, stdout.replace(/\d+\.\d s/, '… s'), stderr.replace(/\d+\.\d s/, '… s')]).toEqual([0, '1 passed in … s; seeds 1\n', '✓ An alarm is mailed  passing.yaml  2 steps, 0s in … s\n']);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('exits with 1 when one fails, and says why, where and how to play it again', () => {
    const { status, stdout, stderr } = run(file('failing.yaml', failing));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^0 passed, 1 failed in \d+\.\d s; seeds 7\n$/);
    expect(stderr).toContain('    failing.yaml:6: expectNoMail\n        expected  no mail: purpose alarm\n        found     1\n        mail      ');
    expect(stderr).toContain('        replay    isesim run failing.yaml --seed 7\n');
  });

  it('plays all of a folder in the order of their names, whichever ends first', () => {
    mkdirSync(join(folder, 'all/below'), { recursive: true });
    file('all/a.yaml', large);
    file('all/b.yml', passing);
    file('all/below/c.yaml', failing);
    file('all/topology.yaml', readFileSync(join(topologies, 'small.yaml'), 'utf8'));
    file('all/notes.txt', 'no scenario');
    const { status, stdout, stderr } = run('all', 'all/b.yml', '--jobs', '3', '--json');
    expect(status).toBe(1);
    const names = ['all/a.yaml', 'all/b.yml', 'all/below/c.yaml'];
    expect(resultsOf(stdout).map((result) => [result.file, result.outcome])).toEqual(names.map((name, index) => [name, index < 2 ? 'passed' : 'failed']));
    expect([...stderr.matchAll(/^[✓✗].*?  (\S+)  /gmu)].map(([, name]) => name)).toEqual(names);
  });

  it('prints one object with --json: the fields are a fixed contract', () => {
    const { stdout, stderr } = run(file('failing.yaml', failing), '--json', '--seed', '9');
    expect(JSON.parse(stdout)).toEqual({
      schema: 'isesim/run.v1',
      results: [
        {
          file: 'failing.yaml',
          name: 'An alarm is not mailed',
          seed: 9,
          outcome: 'failed',
          steps: [
            { step: 'raiseAlarm', line: 5, outcome: 'passed', message: '' },
            { step: 'expectNoMail', line: 6, outcome: 'failed', message: expect.stringMatching(/^expected {2}no mail: purpose alarm\n.*\nreplay {4}isesim run failing\.yaml --seed 9$/s) as string },
            { step: 'heal', line: 7, outcome: 'skipped', message: '' },
          ],
          audit: { judged: 1, findings: [] },
          wallMs: expect.any(Number) as number,
          simulatedMs: 0,
          endedAt: '2026-02-02T05:00:00Z',
        },
      ],
    });
    expect(stderr).toContain('✗ An alarm is not mailed');
  });

  it('writes a report for CI systems', () => {
    expect(run(file('passing.yaml', passing), '--junit', 'results.xml').status).toBe(0);
    expect(readFileSync(join(folder, 'results.xml'), 'utf8')).toContain('<testcase classname="passing.yaml" name="An alarm is mailed" ');
    const { status, stderr } = run('passing.yaml', '--junit', 'no/such/results.xml');
    expect(status).toBe(3);
    expect(stderr).toContain('error: the report no/such/results.xml could not be written: ENOENT');
  });

  it('exits with 3 when one does not end in time, which stops no other', () => {
    const { status, stdout } = run(file('endless.yaml', endless), file('passing.yaml', passing), '--jobs', '1', '--timeout', '6s', '--json');
    expect(status).toBe(3);
    expect(resultsOf(stdout).map(({ name, outcome, message }) => [name, outcome, message])).toEqual([
      ['It takes long', 'error', expect.stringMatching(/^it did not end within 6 s/) as string],
      ['An alarm is mailed', 'passed', undefined],
    ]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('exits with 2 when any file is wrong, and plays none', () => {
    const { status, stdout, stderr } = run(file('passing.yaml', passing), file('wrong.yaml', passing.replace('raiseAlarm', 'riseAlarm')), 'missing.yaml');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe('wrong.yaml:4:5: unknown step "riseAlarm"; did you mean raiseAlarm?\nmissing.yaml:1:1: there is no such file; check the path\nerror: 2 mistakes in 2 files\n  Correct the places named; nothing was run.\n');
  });

  it.each<[string, string[], string]>([
    ['an odd number', ['--jobs', '0'], '--jobs is "0"'],
    ['an odd seed', ['--seed', '-1'], '--seed is "-1"'],
    ['an odd duration', ['--timeout', 'soon'], '--timeout is "soon"'],
    ['no limit of time', ['--timeout', '0s'], '--timeout is "0s"'],
    ['a folder without scenarios', ['tmp'], 'no scenario was found in tmp'],
  ])('exits with 2 for %s', (_, args, message) => {
    const { status, stdout } = run(...(args[0]?.startsWith('--') ? [file('passing.yaml', passing)] : []), ...args, '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringContaining(message) as string } });
  });
});

describe('isesim run --keep', { timeout: 60_000 }, () => {
  it('leaves the deployment of the first that fails up for the verbs, and plays no other, until it is stopped', async () => {
    const files = [file('passing.yaml', passing), file('failing.yaml', failing), file('large.yaml', large)];
    const kept = { ...env(), XDG_STATE_HOME: join(folder, 'state') };
    const child = spawn(process.execPath, [isesim, 'run', ...files, '--keep', '--json'], { cwd: folder, env: kept });
    interrupted.push(child);
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (more: string) => { text[name] += more; });
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    await vi.waitFor(() => { expect(text.stderr).toContain('the deployment "standalone" stays up: isesim status --deployment standalone'); }, 50_000);
    const verb = (...args: string[]) => spawnSync(process.execPath, [isesim, ...args], { cwd: folder, encoding: 'utf8', env: kept });
    expect(JSON.parse(verb('mail', 'ls', '--json').stdout)).toMatchObject({ mails: [{ purpose: 'alarm', sentBy: 'ise' }] });
    expect(verb('down').status).toBe(0);
    expect(await closed).toBe(1);
    expect(resultsOf(text.stdout).map((result) => [result.file, result.outcome])).toEqual([['passing.yaml', 'passed'], ['failing.yaml', 'failed']]);
    expect([readdirSync(temporary), readdirSync(join(folder, 'state/isesim'))]).toEqual([[], []]);
  });
});

// Process ids of children are read from /proc.
describe.runIf(process.platform === 'linux')('isesim run that is interrupted', { timeout: 60_000 }, () => {
  it.each<[string, (child: ChildProcess) => void, number | null]>([
    ['by Ctrl-C, which every process of the terminal gets', ({ pid = 0 }) => process.kill(-pid, 'SIGINT'), 3],
    ['by a signal to the command alone', (child) => child.kill('SIGTERM'), 3],
    ['by kill -9', (child) => child.kill('SIGKILL'), null],
  ])('%s leaves no process and no folder', async (_, interrupt, exitCode) => {
    const args = [isesim, 'run', file('passing.yaml', passing), file('endless.yaml', endless), '--jobs', '1', '--json'];
    const child = spawn(process.execPath, args, { cwd: folder, env: env(), detached: true });
    interrupted.push(child);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const closed = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stderr.once('data', resolve));
    const below = descendantsOf(child.pid ?? 0);
    expect(below.length).toBeGreaterThan(2);
    interrupt(child);
    expect(await closed).toBe(exitCode);
    await vi.waitFor(() => { expect([below.filter(isThere), readdirSync(temporary)]).toEqual([[], []]); }, 20_000);
    if (exitCode === null) return;
    expect(resultsOf(stdout).map(({ outcome, message }) => [outcome, message])).toEqual([['passed', undefined], ['error', 'interrupted']]);
  });
});

function descendantsOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter((each) => each !== '').map(Number) : [];
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function isThere(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
