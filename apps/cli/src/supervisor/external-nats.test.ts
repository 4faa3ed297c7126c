import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Bus, isPermissionViolation } from '@isesim/bus';
import { startNats, TestClock } from '@isesim/bus/testing';
import { deploymentCredentialsSchema } from '@isesim/deployment';
import { expect, test, vi } from 'vitest';
import type { Status } from '../operations/status.ts';
import { TestCommand } from '../test-command.ts';

const nodes = ['name: ise-1, pan: primary, mnt: primary', 'name: psn-1, psn: true'];
const jetstream = ['jetstream: { store_dir: "$FOLDER/store" }', 'max_payload: 8MB'];
const notEnforced = 'level 2 is not enforced';

/** Boots a deployment on a server of others, stepped, with its nodes within its supervisor. */
function up(command: TestCommand, topology: string, url: string) {
  return command.run('up', topology, '--detach', '--time', 'stepped', '--isolation', 'inline', '--nats', url, '--json');
}

async function streamsAt(url: string): Promise<string[]> {
  const bus = await Bus.connect({ url, key: { publicKey: '', seed: '' }, login: { token: 'anybody' }, deployment: 'looker', name: 'looker', incarnation: 'looker#1', clock: new TestClock() });
  try {
    return (await (await bus.connection.jetstreamManager()).streams.list().next()).map(({ config }) => config.name);
  } finally {
    await bus.close();
  }
}

test('with what nats-config prints a server of others holds each node to its rights', { timeout: 90_000 }, async () => {
  await using command = await TestCommand.make();
  const pair = await command.topology('pair', nodes);
  const printed = await command.run('nats-config', pair);
  const { credentialsFile, ...rest } = await command.json<{ credentialsFile: string; configuration: string }>('nats-config', pair);
  await writeFile(join(command.folder, 'pair.conf'), printed.stdout);
  // The server takes what it includes from where its own configuration lies, beside the command's folder.
  await using server = await startNats(...jetstream, 'accounts {', `  include "../${basename(command.folder)}/pair.conf"`, '}');

  expect(`${rest.configuration}\n`).toBe(printed.stdout);
  expect(printed.stdout).not.toMatch(/S[A-Z2-7]{57}/);
  expect((await stat(credentialsFile)).mode & 0o777).toBe(0o600);

  const { exitCode, stderr, stdout } = await up(command, pair, server.url);
  expect(stderr).not.toContain(notEnforced);
  expect(exitCode).toBe(0);
  expect((JSON.parse(stdout) as Status).nodes.map(({ status }) => status)).toEqual(['Connected', 'Connected']);
  await command.json('guest', 'create', '--email', 'ana@guest.example');
  expect(await command.json('mail', 'wait', '--to', 'ana@guest.example', '--timeout', '20s')).toMatchObject({ mail: { sentBy: 'psn-1' } });

  const key = deploymentCredentialsSchema.parse(JSON.parse(await readFile(credentialsFile, 'utf8'))).nodes['psn-1'];
  if (!key) throw new Error('psn-1 has no key');
  const hostile = await Bus.connect({ url: server.url, key, deployment: 'pair', name: 'psn-1', incarnation: 'psn-1#9', clock: new TestClock() });
  const forbidden = hostile.write(hostile.streams.history, hostile.subjects.duty(9), { since: 0, holders: {} });
  expect(isPermissionViolation(await forbidden.catch((error: unknown) => error))).toBe(true);
  await hostile.close();
});

test('without it a deployment runs in one account and says what is not enforced; two of them neither see nor disturb each other, and leave nothing', { timeout: 120_000 }, async () => {
  await using command = await TestCommand.make();
  await using server = await startNats(...jetstream);
  const before = await streamsAt(server.url);
  const booted = [];
  for (const name of ['one', 'two']) booted.push(await up(command, await command.topology(name, nodes), server.url));

  expect(booted.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  for (const { stderr } of booted) expect(stderr).toContain(notEnforced);
  for (const name of ['one', 'two']) {
    await command.json('guest', 'create', '--deployment', name, '--email', `ana@${name}.example`);
    await command.json('mail', 'wait', '--deployment', name, '--to', `ana@${name}.example`, '--timeout', '20s');
  }
  for (const name of ['one', 'two']) {
    const { mails } = await command.json<{ mails: { to: string[] }[] }>('mail', 'ls', '--deployment', name);
    expect(mails.map(({ to }) => to)).toEqual([[`ana@${name}.example`]]);
  }

  await command.json('down', '--deployment', 'one');
  expect((await streamsAt(server.url)).filter((stream) => stream.includes('one'))).toEqual([]);
  await command.json('alarm', 'raise', '--deployment', 'two', '--name', 'High CPU');
  await command.json('mail', 'wait', '--deployment', 'two', '--purpose', 'alarm', '--timeout', '20s');
  await command.json('down', '--deployment', 'two');
  expect(await streamsAt(server.url)).toEqual(before);
});

test('on a server of others a kept deployment goes on, no other may take its name, and removing it leaves nothing there', { timeout: 120_000 }, async () => {
  await using command = await TestCommand.make();
  await using other = await TestCommand.make();
  await using server = await startNats(...jetstream);
  const pair = await command.topology('pair', nodes);
  await up(command, pair, server.url);
  expect(JSON.parse((await up(other, pair, server.url)).stdout)).toMatchObject({ error: { code: 'running' } });
  await command.json('guest', 'create', '--email', 'ana@guest.example');
  await command.json('down', '--keep');
  expect(JSON.parse((await up(other, pair, server.url)).stdout)).toMatchObject({ error: { code: 'kept-elsewhere' } });

  // The server is remembered as well.
  await command.json('up', pair, '--detach', '--isolation', 'inline');
  expect(await command.json('mail', 'wait', '--to', 'ana@guest.example', '--timeout', '20s')).toMatchObject({ mail: { sentBy: 'psn-1' } });
  await command.json('down', '--keep');
  expect(await streamsAt(server.url)).toContain('pair_mail');
  await command.json('down', '--deployment', 'pair');
  expect(await streamsAt(server.url)).toEqual([]);
});

test('what a supervisor that died has left on a server of others is removed by the next boot of its name', { timeout: 90_000 }, async () => {
  await using command = await TestCommand.make();
  await using server = await startNats(...jetstream);
  const pair = await command.topology('pair', nodes);
  await up(command, pair, server.url);
  await command.json('guest', 'create', '--email', 'ana@guest.example');
  const { pid } = JSON.parse(await readFile(join(command.state, 'pair', 'control.json'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => { expect((await command.run('status')).exitCode).toBe(3); }, { timeout: 20_000 });
  expect(await streamsAt(server.url)).toContain('pair_mail');

  const again = await up(command, pair, server.url);
  expect(again.stderr).toContain('removing what a deployment "pair" that ended in a crash has left');
  expect(again.exitCode).toBe(0);
  expect(await command.json('mail', 'ls')).toMatchObject({ mails: [] });
});

test.each([
  ['no JetStream', [], 'no-jetstream'],
  ['a login that is not given', [...jetstream, 'authorization: { user: isesim, password: demo-secret }'], 'nats-credentials'],
])('a server with %s is one problem, with a remedy, and nothing is left', { timeout: 30_000 }, async (_what, configuration, code) => {
  await using command = await TestCommand.make();
  await using server = await startNats(...configuration);
  const { exitCode, stdout } = await up(command, await command.topology('pair', nodes), server.url);

  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code, remedy: expect.stringMatching(/\w/) as string } });
  expect((await command.run('down')).exitCode).toBe(3);
});

test('a login comes by the environment, and shows nowhere', { timeout: 60_000 }, async () => {
  await using server = await startNats(...jetstream, 'authorization: { user: isesim, password: demo-pass }');
  await using command = await TestCommand.make({ ISESIM_NATS_URL: server.url.replace('://', '://isesim:demo-pass@') });
  const { exitCode, stdout, stderr } = await command.run('up', await command.topology('pair', nodes), '--detach', '--isolation', 'inline', '--json');

  expect(exitCode).toBe(0);
  expect((JSON.parse(stdout) as Status).nats.url).toBe(server.url);
  expect(stdout + stderr).not.toContain('demo-pass');
});
