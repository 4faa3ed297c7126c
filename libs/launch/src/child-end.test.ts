import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { childEnd } from './child-end.ts';

const run = (program: string) => spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });

test('a process that ends by itself says how', async () => {
  expect(await childEnd(run('process.exit(3)')).gone).toBe('exit code 3');
});

test('one that cannot be started says why', async () => {
  expect(await childEnd(spawn('/nowhere/at/all')).gone).toBe('spawn /nowhere/at/all ENOENT');
});

test('one that is asked to end is gone without a word', async () => {
  const { gone, end } = childEnd(run('setInterval(() => undefined, 1e6)'));
  await end('SIGTERM');

  expect(await gone).toBeUndefined();
});

test('one that does not do what it is asked is ended by force', { timeout: 30_000 }, async () => {
  const child = run('process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1e6); console.log("up")');
  await once(child.stdout, 'data');
  await childEnd(child).end('SIGTERM');

  expect(child.signalCode).toBe('SIGKILL');
});
