import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Work } from '@isesim/domain';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { fileStore } from './file-store.ts';

/** Lets everything run, and notes what it is called. */
function makeWork() {
  const calls: string[] = [];
  const work = {
    outside: (what: string, run: () => Promise<unknown>) => {
      calls.push(what);
      return run();
    },
  } as unknown as Work;
  return { work, calls };
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-store-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('what was written is read, and what was not is undefined', async () => {
  const store = fileStore(await makeFolder(), makeWork().work);
  await store.write('configuration.json', '{"seen":1}');

  expect(await store.read('configuration.json')).toBe('{"seen":1}');
  expect(await store.read('other.json')).toBeUndefined();
});

test('the file is for its owner alone, and so is the folder that is made for it', async () => {
  const folder = join(await makeFolder(), 'nodes', 'psn-1');
  const store = fileStore(folder, makeWork().work);
  await store.write('configuration.json', '{}');
  await store.write('configuration.json', '{"seen":1}');

  expect((await stat(join(folder, 'configuration.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await readdir(folder)).toEqual(['configuration.json']);
});

test('writes of one file happen in the order in which they were asked for, also behind one that failed', async () => {
  const folder = await makeFolder();
  const store = fileStore(folder, makeWork().work);
  await mkdir(join(folder, 'configuration.json.partial'));
  const failed = store.write('configuration.json', 'fails');
  await expect(failed).rejects.toThrow('EISDIR');
  await rm(join(folder, 'configuration.json.partial'), { recursive: true });
  const texts = Array.from({ length: 30 }, (_, index) => `${index}`.repeat(1 + ((index * 7919) % 5_000)));
  await Promise.all(texts.map((text) => store.write('configuration.json', text)));

  expect(await store.read('configuration.json')).toBe(texts.at(-1));
});

test('a store is settled when all that it was asked to write is written', async () => {
  const folder = await makeFolder();
  const store = fileStore(folder, makeWork().work);
  await store.settled();
  const texts = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(100_000));
  for (const text of texts) void store.write('configuration.json', text);
  await store.settled();

  expect(await readFile(join(folder, 'configuration.json'), 'utf8')).toBe(texts.at(-1));
  expect(await readdir(folder)).toEqual(['configuration.json']);
});

test('simulated time does not pass while the disk is busy', async () => {
  const { work, calls } = makeWork();
  const store = fileStore(await makeFolder(), work);
  await store.write('configuration.json', '{}');
  await store.read('configuration.json');

  expect(calls).toEqual(['write configuration.json', 'read configuration.json']);
});

test('what a kill left of a write is not read, and the next write replaces it', async () => {
  const folder = await makeFolder();
  const store = fileStore(folder, makeWork().work);
  await store.write('configuration.json', 'old');
  await writeFile(join(folder, 'configuration.json.partial'), 'ne');
  expect(await store.read('configuration.json')).toBe('old');

  await store.write('configuration.json', 'new');
  expect(await readFile(join(folder, 'configuration.json'), 'utf8')).toBe('new');
});

test('a kill leaves one whole text or another', { timeout: 60_000 }, async () => {
  const folder = await makeFolder();
  const length = 1_000_000;
  const program = join(await makeFolder(), 'writer.mjs');
  const contents = `
    import { fileStore } from './file-store.ts';
    const store = fileStore(${JSON.stringify(folder)}, { outside: (_what, run) => run() });
    for (let count = 0; ; count += 1) {
      await store.write('text', String(count % 10).repeat(${length}));
      process.stdout.write('.');
    }`;
  await build({ stdin: { contents, resolveDir: import.meta.dirname }, outfile: program, bundle: true, platform: 'node', format: 'esm' });
  for (const writes of [1, 3, 8]) {
    const writer = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(writer, 'exit');
    let seen = 0;
    for await (const dots of writer.stdout as AsyncIterable<Buffer>) {
      seen += dots.length;
      if (seen >= writes) writer.kill('SIGKILL');
    }
    expect(await gone).toEqual([null, 'SIGKILL']);
    const text = await readFile(join(folder, 'text'), 'utf8');
    expect(text.length).toBe(length);
    expect(new Set(text).size).toBe(1);
  }
});
