import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOn, withoutChance } from './documented-blocks.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/scenarios.md'), 'utf8');
const blocks = blocksOn(page);
const files = blocks.filter(({ language, file }) => language === 'yaml' && file !== undefined);
const commands = blocks.flatMap(({ language, text }, index) => (language === 'sh' ? [[text.trim(), blocks[index + 1]?.text ?? ''] as const] : []));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'documented-'));
  symlinkSync(join(root, 'topology'), join(folder, 'topology'));
  for (const { file = '', text } of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
});
afterAll(() => { rmSync(folder, { recursive: true }); });

function isesim(...args: string[]) {
  const { GUEST: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'apps/cli/bundle/main.js'), ...args], { cwd: folder, encoding: 'utf8', env: { ...env, NO_COLOR: '1' } });
  return { status, stdout, stderr };
}

describe('docs/scenarios.md', () => {
  it('shows scenarios and commands', () => {
    expect(files.length).toBeGreaterThan(6);
    expect(commands.length).toBeGreaterThan(2);
  });

  it.each(commands)('%s prints what the page says', (command, shown) => {
    const { stdout, stderr } = isesim(...command.split(' ').slice(1));
    expect(withoutChance(stderr + stdout)).toBe(withoutChance(shown));
  });

  it('every scenario that is to pass passes, and the others end as the page says', () => {
    const names = files.map(({ file = '' }) => file);
    const wrong = 'scenarios/mistakes.yaml';
    const failing = 'scenarios/wrong-sender.yaml';
    expect(isesim('run', wrong).status).toBe(2);
    const { status, stdout } = isesim('run', ...names.filter((name) => name !== wrong), '--json');
    const { results } = JSON.parse(stdout) as { results: { file: string; outcome: string }[] };
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toMatchObject([{ file: failing, outcome: 'failed' }]);
    expect(status).toBe(1);
  });

  it('shows the JSON that is printed', () => {
    const shown = JSON.parse(blocks.find(({ language }) => language === 'json')?.text ?? '') as { results: { file: string; wallMs: number }[] };
    const [result] = shown.results;
    const { results, ...rest } = JSON.parse(isesim('run', result?.file ?? '', '--json').stdout) as typeof shown;
    expect({ ...rest, results: results.map((each) => ({ ...each, wallMs: result?.wallMs })) }).toEqual(shown);
  });

  it('names every flag of isesim run, and no other', () => {
    const { stdout } = isesim('run', '--help');
    const flags = [...stdout.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag).filter((flag) => flag !== '--help');
    const [, section = ''] = page.split('## `isesim run`');
    expect([...section.matchAll(/^\| `(--[\w-]+)/gm)].map(([, flag]) => flag).sort()).toEqual(flags.sort());
  });
});
