import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOn, withoutChance } from './documented-blocks.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/testing.md'), 'utf8');
const blocks = blocksOn(page);
const files = blocks.flatMap(({ language, file, text }, index) => {
  const next = blocks[index + 1];
  return language === 'ts' && file !== undefined ? [{ file, text, prints: next?.language === 'text' ? next.text.trim() : undefined }] : [];
});

interface TestFile {
  readonly name: string;
  readonly assertionResults: readonly { readonly status: string; readonly failureMessages: readonly string[] }[];
}

const conditions = JSON.stringify(['@isesim/source', 'node', 'import', 'default']);
const config = `export default { resolve: { conditions: ${conditions} }, ssr: { resolve: { conditions: ${conditions} } }, test: { testTimeout: 60_000, hookTimeout: 60_000 } };\n`;

let folder: string;
let ran: TestFile[];
// All at once: each start of vitest takes seconds.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'documented-'));
  for (const name of ['topology', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'vitest.config.js'), config);
  for (const { file, text } of files) writeFileSync(join(folder, file), text);
  const report = join(folder, 'report.json');
  const { VITEST: _, VITEST_POOL_ID: _pool, VITEST_WORKER_ID: _worker, NODE_OPTIONS: _options, ...env } = process.env;
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${report}`], { cwd: folder, encoding: 'utf8', env });
  ran = (JSON.parse(readFileSync(report, 'utf8')) as { testResults: TestFile[] }).testResults;
}, 180_000);
afterAll(() => { rmSync(folder, { recursive: true }); });

function testsOf(file: string) {
  return ran.find(({ name }) => name.endsWith(`/${file}`))?.assertionResults ?? [];
}

describe('docs/testing.md', () => {
  it('shows tests that pass, and some that do not', () => {
    expect(files.filter(({ prints }) => prints === undefined).length).toBeGreaterThan(4);
    expect(files.filter(({ prints }) => prints !== undefined)).toHaveLength(4);
  });

  it.each(files.filter(({ prints }) => prints === undefined))('the tests of $file pass', ({ file }) => {
    const tests = testsOf(file);
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.flatMap(({ failureMessages }) => failureMessages)).toEqual([]);
  });

  it.each(files.filter(({ prints }) => prints !== undefined))('the test of $file fails and prints what the page says', ({ file, prints = '' }) => {
    const [test] = testsOf(file);
    expect(test?.status).toBe('failed');
    expect(withoutChance(test?.failureMessages[0] ?? '').split('\n    at ')[0]).toBe(`Error: ${withoutChance(prints)}`);
  });
});
