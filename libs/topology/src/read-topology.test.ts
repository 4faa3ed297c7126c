import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readTopology } from './read-topology.ts';
import { TopologyError } from './topology-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'isesim-topology-'));
afterAll(() => rmSync(folder, { recursive: true }));

const valid = 'name: t\nnodes: [{ name: ise, pan: primary, mnt: primary, psn: true }]\n';

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, 'topology.yaml');
  writeFileSync(path, content);
  return path;
}

/** The message without the path; fails when reading takes two seconds or ends in anything but a TopologyError. */
async function refusalOf(path: string): Promise<string> {
  const begun = performance.now();
  const error: unknown = await readTopology(path, { env: {} }).catch((reason: unknown) => reason);
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(error).toBeInstanceOf(TopologyError);
  expect(error).toMatchObject({ kind: 'wrong input' });
  return (error as TopologyError).message.replaceAll(path, '');
}

test('a file is read, with or without a byte order mark', async () => {
  expect((await readTopology(fileOf(valid), { env: {} })).name).toBe('t');
  expect((await readTopology(fileOf(`\ufeff${valid}`), { env: {} })).name).toBe('t');
});

describe('what is no regular file is refused unread', () => {
  test('a path to nothing', async () => {
    expect(await refusalOf(join(folder, 'missing.yaml'))).toBe(':1:1: there is no such file; check the path');
    expect(await refusalOf(join(fileOf(valid), 'missing.yaml'))).toBe(':1:1: there is no such file; check the path');
  });

  test('a path that no system takes', async () => {
    expect(await refusalOf('a\0b')).toMatch(/^:1:1: this file cannot be read \(ERR_INVALID_ARG_VALUE\)/);
    expect(await refusalOf('x'.repeat(10_000))).toMatch(/^:1:1: this file cannot be read \(ENAMETOOLONG\)/);
  });

  test('a link to itself', async () => {
    const path = join(folder, 'loop.yaml');
    symlinkSync(path, path);
    expect(await refusalOf(path)).toMatch(/^:1:1: this file cannot be read \(ELOOP\)/);
  });

  test('a directory', async () => {
    expect(await refusalOf(folder)).toBe(':1:1: this is a directory; name a file');
  });

  test.runIf(process.platform !== 'win32')('a device', async () => {
    expect(await refusalOf('/dev/zero')).toBe(':1:1: this is a device; name a file');
  });

  test.runIf(process.platform !== 'win32')('a pipe that nobody writes to', async () => {
    const path = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [path]);
    expect(await refusalOf(path)).toBe(':1:1: this is a named pipe; name a file');
  });

  test.runIf(process.platform !== 'win32')('a socket', async () => {
    const path = join(folder, 's');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(await refusalOf(path)).toBe(':1:1: this is a socket; name a file');
    server.close();
  });

  test('more than 1 MB', async () => {
    const path = fileOf(`${valid}#${'x'.repeat(1_000_000)}`);
    expect(await refusalOf(path)).toMatch(/^:1:1: the file has 10000\d\d bytes and was not read; write at most 1000000$/);
  });
});

describe('what is no plain text in UTF-8 is refused', () => {
  test.each<[string, Uint8Array, string]>([
    ['UTF-16, little-endian', Buffer.from(`\ufeff${valid}`, 'utf16le'), ':1:1: the file is in UTF-16; save it as UTF-8'],
    ['UTF-16, big-endian', Buffer.from(`\ufeff${valid}`, 'utf16le').swap16(), ':1:1: the file is in UTF-16; save it as UTF-8'],
    ['UTF-16 without a mark', Buffer.from(valid, 'utf16le'), ':1:2: the file contains the character "\\u0000"; write plain text in UTF-8'],
    ['Latin-1', Buffer.from(`${valid}# caf\u00e9`, 'latin1'), ':3:6: this is not UTF-8; save the file as UTF-8'],
    ['a NUL byte', Buffer.from(`${valid}domain: a\0b`), ':3:10: the file contains the character "\\u0000"; write plain text in UTF-8'],
    ['an escape sequence', Buffer.from(`${valid}# \u001b[31m`), ':3:3: the file contains the character "\\u001b"; write plain text in UTF-8'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), ':1:1: this is not UTF-8; save the file as UTF-8'],
  ])('%s', async (_, bytes, message) => {
    expect(await refusalOf(fileOf(bytes))).toBe(message);
  });
});

describe('what is no topology is refused', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [of, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh', 'hi'].map((pair) => pair.split(''))) {
    bomb.push(`${name}: &${name} [${`*${of}, `.repeat(9)}*${of}]`);
  }
  const empty = ':1:1: the file is empty; write at least name and nodes';
  const tooDeep = /^:1:\d+: the file is nested too deeply; check the brackets/;
  const tooMany = /^:1:1: the file has more than 20000 words and signs; write less/;

  test.each<[string, string, string | RegExp]>([
    ['an empty file', '', empty],
    ['comments alone', '# later\n', empty],
    ['null', 'null', empty],
    ['a list', '# nodes\n- a\n- b', ':2:1: the file is a list; write a map with at least name and nodes'],
    ['a single value', 'hello', ':1:1: the file is a single value; write a map with at least name and nodes'],
    ['two documents', `${valid}---\n${valid}`, ':3:1: a second document begins here; write one in a file, with no --- in between'],
    ['an unclosed quote', 'name: "t', ':1:9: missing closing "quote; add what is missing'],
    ['an unclosed bracket', 'name: t\nnodes: [', ':2:9: the indentation does not fit, or a bracket is not closed; align keys and dashes that belong together, with spaces'],
    ['a tab', 'name: t\nnodes:\n\t- name: a', ':3:1: a tab indents this line; write spaces'],
    ['a tag', `${valid}domain: !!binary aGk=`, ':3:9: a tag (!…) is not understood; leave it out, or put a text that begins with ! in quotes'],
    ['an alias without anchor', `${valid}domain: *d`, ':3:9: the alias (*…) has no anchor (&…) before it; write the value, or put a text that begins with * in quotes'],
    ['an alias bomb', bomb.join('\n'), /^:1:\d+: the file has more than 20000 values; write less, with fewer aliases/],
    ['an alias that contains itself', 'a: &a [*a, *a]', tooDeep],
    ['5,000 brackets', '['.repeat(5_000), tooDeep],
    ['10,000 brackets in pairs', 'a: ' + '['.repeat(9_000) + ']'.repeat(9_000), tooDeep],
    ['10,000 maps', 'a: ' + '{a: '.repeat(3_000), tooDeep],
    ['10,000 levels of a list', '- '.repeat(10_000), /^:1:(1: the file has more than|\d+: the file is nested too deeply)/],
    ['10,000 levels of indentation, as many as fit', Array.from({ length: 1_400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /nested too deeply/],
    ['100,000 brackets', '['.repeat(100_000), tooMany],
    ['1 MB of brackets', ']'.repeat(999_999), tooMany],
    ['1 MB of values', `name: t\nnodes: [${'1,'.repeat(490_000)}]`, tooMany],
    ['1 MB of keys', Array.from({ length: 100_000 }, (_, key) => `k${key}: 1`).join('\n'), tooMany],
    ['1 MB of escapes', `name: "${'\\[]: '.repeat(190_000)}"`, tooMany],
    ['1 MB of variables', `name: "${'${A:-'.repeat(190_000)}"`, /^:1:7: name: contains \$\{ without a variable/m],
  ])('%s', async (_, text, message) => {
    const refusal = await refusalOf(fileOf(text));
    if (typeof message === 'string') expect(refusal).toBe(message);
    else expect(refusal).toMatch(message);
  });

  test('thousands of mistakes are all there, and the message lists the first of them', async () => {
    const path = fileOf(`name: t\nnodes: [${'1,'.repeat(5_000)}]`);
    const error = (await readTopology(path, { env: {} }).catch((reason: unknown) => reason)) as TopologyError;
    expect(error.mistakes).toHaveLength(5_000);
    expect(error.message.split('\n').slice(-2)).toEqual([expect.stringContaining('nodes[499] is a number'), 'and 4500 more']);
  });
});
