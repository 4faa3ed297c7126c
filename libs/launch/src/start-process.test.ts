import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProcess } from './start-process.ts';

/** A process of this program, with what was told of it. */
async function start(program: string) {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-process-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const main = join(folder, 'main.mjs');
  await writeFile(main, program);
  const told: Promise<unknown>[] = [];
  const started = startProcess({ name: 'psn-1', main, boot: { folder }, onPid: (_pid, gone) => told.push(gone) });
  return { started, gone: () => Promise.all(told) };
}

const staysUp = 'setInterval(() => undefined, 1e6);';

test('a process is up when it says that it is ready, with what it says', { timeout: 30_000 }, async () => {
  const { started } = await start(`process.send({ ready: 'as can be' }); process.send('and more'); ${staysUp}`);
  const { part, ready } = await started;
  onTestFinished(() => part.kill());

  expect(ready).toBe('as can be');
});

test('one that ends before it is ready is told in its own words', { timeout: 30_000 }, async () => {
  const { started } = await start('console.log("one moment"); throw new TypeError("no such mailbox");');

  await expect(started).rejects.toMatchObject({ code: 'node-start', message: 'psn-1 could not start: no such mailbox' });
});

test('one that ends without a word is told by how it ended', { timeout: 30_000 }, async () => {
  const { started } = await start('process.exit(3);');

  await expect(started).rejects.toMatchObject({ code: 'node-start', message: 'psn-1 could not start: exit code 3' });
});

test('one that says what nobody can read is ended', { timeout: 30_000 }, async () => {
  const { started, gone } = await start(`process.send('hello'); ${staysUp}`);

  await expect(started).rejects.toThrow('expected object');
  expect(await gone()).toEqual([undefined]);
});
