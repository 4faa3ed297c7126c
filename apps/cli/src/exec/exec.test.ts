import { join } from 'node:path';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { packageFolder } from '../package-folder.ts';
import { TestCommand } from '../test-command.ts';

const isesim = `${process.execPath} ${join(packageFolder(), 'bundle', 'main.js')}`;
const oneNode = ['name: ise-1, pan: primary, mnt: primary, psn: true'];

test('a command finds the deployment beside it, its verbs act on it, and its exit code is passed on', async () => {
  await using command = await TestCommand.make();
  const topology = await command.topology('beside', oneNode);
  const script = `env | grep ^ISESIM_ | sort; stat -c %a "$ISESIM_NATS_CREDENTIALS"; head -c 2 "$ISESIM_NATS_CREDENTIALS"; echo; ${isesim} alarm raise 'High CPU' && ${isesim} mail wait --purpose alarm --sent-by ise-1; exit 7`;
  const { exitCode, stdout } = await command.run('exec', '--isolation', 'inline', topology, '--', 'sh', '-c', script);
  expect(exitCode).toBe(7);
  expect(stdout).toMatch(/^ISESIM_CA_FILE=\/.*ca\.pem\nISESIM_DEPLOYMENT=beside\nISESIM_LOGIN_ADDRESS=127\.0\.0\.1:\d+\nISESIM_NATS_CREDENTIALS=\/.*\nISESIM_NATS_URL=nats:\/\/127\.0\.0\.1:\d+\nISESIM_SMTP_ADDRESS=127\.0\.0\.1:\d+\n600\nSU\n/);
  expect(stdout).toMatch(/  alarm  ise-1 -> admin@/);
  expect((await command.run('status')).exitCode).toBe(3);
}, 60_000);

test('a program that is not there is wrong input, and nothing is left', async () => {
  await using command = await TestCommand.make();
  const { exitCode, stderr } = await command.run('exec', '--isolation', 'inline', await command.topology('beside', oneNode), '--', 'no-such-program');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('"no-such-program" could not be run');
  expect((await command.run('status')).exitCode).toBe(3);
}, 60_000);

test('a command that is still running is ended with the deployment', async () => {
  await using command = await TestCommand.make();
  const child = command.start('exec', '--isolation', 'inline', await command.topology('beside', oneNode), '--', 'sh', '-c', 'echo up; exec sleep 600');
  const ended = once(child, 'close') as Promise<[number]>;
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [exitCode] = await ended;
  expect(exitCode).toBe(128 + 15);
  expect((await command.run('status')).exitCode).toBe(3);
}, 60_000);
