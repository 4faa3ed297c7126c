import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPipe } from './read-pipe.ts';
import { readSecret } from './read-secret.ts';
import { readTextFile } from './read-text-file.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'isesim-read-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

test('a file is read', async () => {
  const file = join(folder, 'a');
  writeFileSync(file, 'é\n');
  expect(await readTextFile(file, 3)).toBe('é\n');
});

describe('is wrong input, unread:', () => {
  test('a device', async () => {
    await expect(readTextFile('/dev/zero', 10)).rejects.toMatchObject({ kind: 'wrong input', code: 'file', message: '/dev/zero could not be read: this is a device', remedy: 'Name a file.' });
  });

  test('a file that is too large', async () => {
    const file = join(folder, 'a');
    writeFileSync(file, '');
    truncateSync(file, 10_000_000_000);
    await expect(readTextFile(file, 64_000)).rejects.toMatchObject({ kind: 'wrong input', message: `${file} could not be read: the file has 10000000000 bytes and was not read`, remedy: 'Write at most 64000.' });
  });

  test('a link to itself', async () => {
    const file = join(folder, 'loop');
    symlinkSync(file, file);
    await expect(readSecret(file, undefined)).rejects.toMatchObject({ kind: 'wrong input', code: 'secret-file', message: `${file} could not be read: this file cannot be read (ELOOP)` });
  });
});

describe.runIf(process.platform !== 'win32')('a pipe', () => {
  let pipe: string;
  beforeEach(() => {
    pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
  });
  const write = (script: string) => spawn('sh', ['-c', script, 'sh', pipe], { stdio: 'ignore' });

  test('that somebody writes into is read to its end', async () => {
    write('exec > "$1"; printf a; echo b');
    expect(await readSecret(pipe, undefined)).toBe('ab');
  });

  test('whose writer has nothing to say yet is waited for without any limit', async () => {
    const silent = openSync(pipe, 'r+');
    const read = readPipe(pipe, 100, 0);
    await once(write('echo late > "$1"'), 'exit');
    closeSync(silent);
    expect((await read).toString()).toBe('late\n');
  });

  test('into which nobody writes is refused', async () => {
    await expect(readPipe(pipe, 100, 50)).rejects.toMatchObject({ fact: 'nobody writes into this pipe' });
  });

  test('that never ends is read no further than the largest size', async () => {
    const writer = write('exec cat /dev/zero > "$1"');
    await expect(readTextFile(pipe, 1_000_000)).rejects.toMatchObject({ kind: 'wrong input', message: `${pipe} could not be read: more than 1000000 bytes come out of this pipe` });
    writer.kill();
  });
});
