import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test, vi } from 'vitest';
import type { Status } from '../operations/status.ts';
import { TestCommand } from '../test-command.ts';

const nodes = ['name: ise-1, pan: primary, mnt: primary', 'name: psn-1, psn: true'];
const patience = { timeout: 30_000, interval: 200 };

async function stateOf(command: TestCommand, node: string): Promise<string | undefined> {
  const { nodes: all } = await command.json<Status>('status');
  return all.find(({ name }) => name === node)?.status;
}

/** Boots a deployment whose `node` is to be started elsewhere, and takes the credentials file to where that is. */
async function bootWithout(command: TestCommand, node: string) {
  const pair = await command.topology('pair', nodes);
  const up = await command.run('up', pair, '--detach', '--time', 'stepped', '--remote', node, '--json');
  expect(up.exitCode, up.stdout + up.stderr).toBe(0);
  const written = join(command.state, 'pair', 'remote', `${node}.json`);
  expect(up.stderr).toContain(`isesim node-run ${node} --nats nats://127.0.0.1:`);
  expect((await stat(written)).mode & 0o777).toBe(0o600);
  const creds = join(command.folder, `${node}.json`);
  await copyFile(written, creds);
  return { creds, url: (JSON.parse(up.stdout) as Status).nats.url };
}

/** Resolves when the node says that it has joined, with where it writes. */
async function joined(child: ReturnType<TestCommand['start']>): Promise<{ folder: string }> {
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { folder: string; error?: object };
    if (said.error) throw new Error(line);
    return said;
  }
  throw new Error('it ended before it had joined');
}

test('a node that is started elsewhere takes part like any other, and its end is seen', { timeout: 120_000 }, async () => {
  await using command = await TestCommand.make();
  const { creds, url } = await bootWithout(command, 'psn-1');
  expect(await stateOf(command, 'psn-1')).toBe('Disconnected');
  const { nats, ...rest } = JSON.parse(await readFile(creds, 'utf8')) as { nats: { key: object } };
  expect(Object.keys({ ...rest, ...nats }).sort()).toEqual(['deployment', 'key', 'node', 'sealingKey', 'url']);

  const child = command.start('node-run', 'psn-1', '--nats', url, '--creds', creds, '--json');
  const { folder } = await joined(child);
  await vi.waitFor(async () => { expect(await stateOf(command, 'psn-1')).toBe('Connected'); }, patience);
  await command.json('guest', 'create', '--node', 'psn-1', '--email', 'ana@guest.example', '--valid-for', '5d');
  expect(await command.json('mail', 'wait', '--to', 'ana@guest.example', '--timeout', '20s')).toMatchObject({ mail: { sentBy: 'psn-1', evidence: 'address' } });
  expect((await command.run('node', 'kill', 'psn-1')).stderr).toContain('psn-1 is started elsewhere');
  const second = await command.run('node-run', 'psn-1', '--creds', creds, '--json');
  expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'running' } });

  child.kill('SIGTERM');
  const [exitCode] = (await once(child, 'close')) as [number];
  expect(exitCode).toBe(0);
  expect(existsSync(folder)).toBe(false);
  await vi.waitFor(async () => { expect(await stateOf(command, 'psn-1')).toBe('Disconnected'); }, patience);
  // Time passes without it.
  expect((await command.run('clock', 'advance', '6d')).exitCode).toBe(0);
});

test('one that dies without a word is missed, is replaced by its next start, and ends with the deployment', { timeout: 120_000 }, async () => {
  await using command = await TestCommand.make();
  const { creds } = await bootWithout(command, 'psn-1');
  const first = command.start('node-run', 'psn-1', '--creds', creds, '--json');
  await joined(first);
  await vi.waitFor(async () => { expect(await stateOf(command, 'psn-1')).toBe('Connected'); }, patience);
  first.kill('SIGKILL');
  await vi.waitFor(async () => { expect(await stateOf(command, 'psn-1')).toBe('Disconnected'); }, patience);

  const next = command.start('node-run', 'psn-1', '--creds', creds, '--json');
  await joined(next);
  await vi.waitFor(async () => { expect(await stateOf(command, 'psn-1')).toBe('Connected'); }, patience);
  await command.json('guest', 'create', '--node', 'psn-1', '--email', 'ben@guest.example');
  expect(await command.json('mail', 'wait', '--to', 'ben@guest.example', '--timeout', '20s')).toMatchObject({ mail: { sentBy: 'psn-1' } });

  const closed = once(next, 'close');
  await command.json('down');
  expect(await closed).toEqual([0, null]);
});

test('one that is paused where it runs counts as Disconnected, and goes on where it was', { timeout: 120_000 }, async () => {
  await using command = await TestCommand.make();
  const { creds } = await bootWithout(command, 'psn-1');
  const child = command.start('node-run', 'psn-1', '--creds', creds, '--json');
  await joined(child);
  await vi.waitFor(async () => { expect(await stateOf(command, 'psn-1')).toBe('Connected'); }, patience);
  child.kill('SIGSTOP');
  await vi.waitFor(async () => { expect(await stateOf(command, 'psn-1')).toBe('Disconnected'); }, patience);
  expect((await command.run('clock', 'advance', '1d')).exitCode).toBe(0);
  child.kill('SIGCONT');
  await vi.waitFor(async () => { expect(await stateOf(command, 'psn-1')).toBe('Connected'); }, patience);
  await command.json('guest', 'create', '--node', 'psn-1', '--email', 'cora@guest.example');
  expect(await command.json('mail', 'wait', '--to', 'cora@guest.example', '--timeout', '20s')).toMatchObject({ mail: { sentBy: 'psn-1' } });
});

test('a primary PAN that is started elsewhere is waited for', { timeout: 120_000 }, async () => {
  await using command = await TestCommand.make();
  const pair = await command.topology('pair', nodes);
  const up = command.start('up', pair, '--time', 'stepped', '--remote', 'ise-1', '--json');
  const creds = join(command.state, 'pair', 'remote', 'ise-1.json');
  await vi.waitFor(() => { expect(existsSync(creds)).toBe(true); }, patience);
  command.start('node-run', 'ise-1', '--creds', creds, '--json');
  for await (const line of createInterface({ input: up.stdout })) {
    expect(JSON.parse(line)).toMatchObject({ deployment: 'pair' });
    expect((JSON.parse(line) as Status).nodes.map(({ name, status }) => [name, status])).toContainEqual(['psn-1', 'Connected']);
    break;
  }
  await vi.waitFor(async () => { expect(await stateOf(command, 'ise-1')).toBe('Connected'); }, patience);
});

test.each([
  [['node-run', 'psn-1', '--creds', '/no/such/file'], 2, 'credentials'],
  [['up', 'TOPOLOGY', '--remote', 'psn-7'], 2, 'remote'],
  [['up', 'TOPOLOGY', '--listen', '0.0.0.0'], 2, 'listen'],
])('wrong use: isesim %j', { timeout: 30_000 }, async (args, exitCode, code) => {
  await using command = await TestCommand.make();
  const pair = await command.topology('pair', nodes);
  const end = await command.run(...args.map((arg) => (arg === 'TOPOLOGY' ? pair : arg)), '--json');

  expect(end.exitCode).toBe(exitCode);
  expect(JSON.parse(end.stdout)).toMatchObject({ error: { code } });
});
