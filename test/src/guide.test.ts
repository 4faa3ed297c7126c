import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { knownFailures } from '@isesim/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOn, withoutChance } from './documented-blocks.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/guide.md'), 'utf8');

// "sh refused" is a block whose last command is refused.
const blocks = blocksOn(page);
const commands = blocks.flatMap(({ language, file, text }, index) =>
  language === 'sh' ? [{ text, refused: file === 'refused', shown: blocks[index + 1]?.language === 'text' ? blocks[index + 1]?.text : undefined }] : [],
);

let folder: string;
let printed: { text: string; exitCode: number }[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guide-'));
  for (const name of ['docs', 'topology']) symlinkSync(join(root, name), join(folder, name));
  const isesim = join(folder, 'isesim');
  writeFileSync(isesim, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'apps/cli/bundle/main.js')}" "$@"\n`);
  chmodSync(isesim, 0o755);
  printed = await runAll(commands.map(({ text }) => text));
}, 300_000);
afterAll(async () => {
  await shell('isesim down');
  rmSync(folder, { recursive: true });
});

/** Runs the blocks one after another in one shell, as a reader who pastes them. */
async function runAll(blocksOfShell: readonly string[]): Promise<{ text: string; exitCode: number }[]> {
  const end = '=== end of a block:';
  const output = await shell(blocksOfShell.map((text) => `${text}echo "${end} $?"\n`).join(''));
  return output.split(/^=== end of a block: (?=\d+\n)/m).flatMap((part, index, all) => {
    const next = all[index + 1];
    return next === undefined ? [] : [{ text: index === 0 ? part : part.replace(/^\d+\n/, ''), exitCode: Number.parseInt(next, 10) }];
  });
}

function shell(script: string): Promise<string> {
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}`, XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `exec 2>&1\n${script}`], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text; });
    child.once('error', reject);
    child.once('close', () => { resolve(output); });
  });
}

/** A text as the page may show it: what chance decides is replaced, columns may be wider, and blank lines are not counted. */
function comparable(text: string): string[] {
  return withoutChance(text)
    .replaceAll(/<address>:\d+/g, '<address>:<port>')
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '');
}

/** The first line of `shown` that `lines` do not have in its place; a line with … alone stands for any number of them. */
function missing(shown: readonly string[], lines: readonly string[]): string | undefined {
  const [first, ...more] = shown;
  if (first === undefined) return lines.length === 0 ? undefined : `(nothing, but there is: ${lines[0] ?? ''})`;
  if (first !== '…') return lines[0] === first ? missing(more, lines.slice(1)) : first;
  if (more.length === 0) return undefined;
  const starts = lines.flatMap((line, index) => (line === more[0] ? [index] : []));
  const rest = starts.map((index) => missing(more, lines.slice(index)));
  return rest.includes(undefined) ? undefined : (rest[0] ?? more[0]);
}

describe('docs/guide.md, run word for word', () => {
  it('has commands', () => {
    expect(commands.length).toBeGreaterThan(30);
    expect(printed).toHaveLength(commands.length);
  });

  it.each(commands.map((command, index) => ({ ...command, index, name: command.text.split('\n')[0] })))('$index: $name', ({ index, refused, shown }) => {
    const { text = '', exitCode } = printed[index] ?? {};
    expect({ exitCode, text }).toEqual({ exitCode: refused ? 1 : 0, text });
    if (shown === undefined) expect(text).not.toContain('error:');
    else expect({ missing: missing(comparable(shown), comparable(text)), text }).toEqual({ missing: undefined, text });
  });

  it('shows no secret', () => {
    const secrets = /[\w~.-]{3}8Q~[\w~.-]{34}/;
    expect(page).not.toMatch(secrets);
    expect(printed.map(({ text }) => text).join('')).not.toMatch(secrets);
  });

  it('names every scenario of the table of failures', () => {
    const linked = [...page.matchAll(/\]\(\.\.\/test\/scenarios\/troubleshooting\/([\w-]+)\.yaml\)/g)].map(([, name]) => name);
    expect(linked.sort()).toEqual(knownFailures.flatMap(({ scenarios }) => scenarios).sort());
  });

  it('links to what is there', () => {
    for (const [, path = ''] of page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) expect(() => readFileSync(join(root, 'docs', path)), path).not.toThrow(/ENOENT/);
  });
});

describe('the comparison', () => {
  it.each([
    ['a\nb', 'a\nb', undefined],
    ['a\n…\nc', 'a\nb\nb\nc', undefined],
    ['a\n…', 'a\nb', undefined],
    ['…\nb\nc', 'b\nx\nb\nc', undefined],
    ['a\nc', 'a\nb\nc', 'c'],
    ['a\n…\nd', 'a\nb', 'd'],
    ['a', 'a\nb', '(nothing, but there is: b)'],
  ])('of %j with %j finds %j', (shown, text, found) => {
    expect(missing(comparable(shown), comparable(text))).toBe(found);
  });
});
