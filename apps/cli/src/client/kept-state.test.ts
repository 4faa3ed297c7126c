import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readKept } from './kept-state.ts';

const state = { name: 'pair', topology: 'digest', startTime: 0, seed: 1, time: 'real', stoppedAt: 1, deployment: { credentials: {}, memory: { time: 2 } } };

async function folderKeeping(text: string): Promise<string> {
  const state = await mkdtemp(join(tmpdir(), 'isesim-kept-'));
  onTestFinished(() => rm(state, { recursive: true }));
  await mkdir(join(state, 'pair.kept'));
  await writeFile(join(state, 'pair.kept', 'kept.json'), text);
  return join(state, 'pair');
}

test('what was kept is read again', async () => {
  expect(await readKept(await folderKeeping(JSON.stringify(state)))).toEqual(state);
});

test('where nothing was kept there is nothing', async () => {
  expect(await readKept(join(tmpdir(), 'isesim-never-there'))).toBeUndefined();
});

test.each([
  ['cut short', JSON.stringify(state).slice(0, -20)],
  ['empty', ''],
  ['no object', 'null'],
  ['without its credentials', JSON.stringify({ ...state, deployment: { memory: { time: 2 } } })],
  ['without its time', JSON.stringify({ ...state, deployment: { credentials: {}, memory: {} } })],
])('a file that is %s is told as damaged, with what removes it', async (_what, text) => {
  await expect(readKept(await folderKeeping(text))).rejects.toMatchObject({ kind: 'could not run', code: 'kept-damaged', remedy: 'Remove it: isesim down --deployment pair' });
});
