import { existsSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Status } from '../operations/status.ts';
import { TestCommand } from '../test-command.ts';

const nodes = ['name: ise-1, pan: primary, mnt: primary', 'name: psn-1, psn: true'];
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('a deployment that is stopped with --keep goes on from there when it is booted again', { timeout: 60_000 }, async () => {
  await using command = await TestCommand.make();
  const pair = await command.topology('pair', nodes);
  await command.json('up', pair, '--detach', '--time', 'stepped', '--seed', '7');
  await command.json('guest', 'create', '--email', 'ana@guest.example');
  await command.run('clock', 'advance', '1d');
  const { mails } = await command.json<{ mails: unknown[] }>('mail', 'ls');
  const { clock } = await command.json<Status>('status');
  expect(await command.json('down', '--keep')).toMatchObject({ deployment: 'pair', kept: true });

  expect(await readdir(command.state)).toEqual(['pair.kept']);
  expect(await modeOf(join(command.state, 'pair.kept'))).toBe(0o700);
  expect(await modeOf(join(command.state, 'pair.kept', 'kept.json'))).toBe(0o600);
  const status = await command.run('status');
  expect(status.exitCode).toBe(3);
  expect(status.stderr).toContain(`"pair" is stopped and kept since `);
  expect(status.stderr).toContain('isesim up');

  await command.json('up', await command.topology('other', nodes), '--detach');
  expect(await command.json('status')).toMatchObject({ deployment: 'other', kept: ['pair'] });
  expect((await command.run('status')).stdout).toMatch(/stopped and kept +pair$/m);
  await command.json('down', '--deployment', 'other');

  const again = await command.json<Status>('up', pair, '--detach');
  expect(again.clock).toEqual(clock);
  expect(clock.time).toBe('stepped');
  expect(again.nodes.map(({ name, status: state, duties }) => [name, state, duties])).toEqual([['ise-1', 'Connected', ['primary PAN', 'active MnT']], ['psn-1', 'Connected', []]]);
  expect((await command.json<{ mails: unknown[] }>('mail', 'ls')).mails).toEqual(mails);
  await command.json('alarm', 'raise', '--name', 'High CPU');
  expect(await command.json('mail', 'wait', '--purpose', 'alarm', '--timeout', '20s')).toMatchObject({ mail: { sentBy: 'ise-1' } });
  expect(await command.json('down')).toMatchObject({ kept: false });
  expect(await readdir(command.state)).toEqual([]);
});

test('what is kept goes on with the topology that it came from alone, and is removed by down', { timeout: 60_000 }, async () => {
  await using command = await TestCommand.make();
  const pair = await command.topology('pair', nodes);
  await command.json('up', pair, '--detach', '--time', 'stepped');
  await command.json('down', '--keep');
  await command.topology('pair', [...nodes, 'name: psn-2, psn: true']);

  const changed = await command.run('up', pair, '--detach');
  expect(changed.exitCode).toBe(1);
  expect(changed.stderr).toContain('is no longer the topology from which "pair" was booted and kept');
  expect(existsSync(join(command.state, 'pair.kept', 'kept.json'))).toBe(true);

  expect(await command.json('down', '--deployment', 'pair')).toMatchObject({ deployment: 'pair', kept: false });
  expect(await readdir(command.state)).toEqual([]);
  expect((await command.run('down')).exitCode).toBe(3);
});

test('a kept deployment that cannot come up stays kept', { timeout: 60_000 }, async () => {
  await using command = await TestCommand.make();
  const pair = await command.topology('pair', nodes);
  await command.json('up', pair, '--detach', '--time', 'stepped');
  await command.json('down', '--keep');
  await writeFile(join(command.folder, 'nats-server'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  await using withBadServer = await TestCommand.make({ XDG_STATE_HOME: join(command.folder, 'state'), PATH: `${command.folder}:${process.env['PATH'] ?? ''}` });
  const failed = await withBadServer.run('up', pair, '--detach');
  expect(failed.exitCode).toBe(3);
  expect(failed.stderr).toContain('nats-server could not start');

  expect(await readdir(command.state)).toEqual(['pair.kept']);
  expect(await command.json<Status>('up', pair, '--detach')).toMatchObject({ deployment: 'pair', clock: { time: 'stepped' } });
});
