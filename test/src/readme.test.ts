import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeTable } from '@isesim/domain';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('the README shows the example that is tested', () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const tested = readFileSync(join(root, 'test/src/readme-example.test.ts'), 'utf8').replace("'../topology/", "'topology/");
  expect(shown).toBe(tested);
});

it('the scenario of the README is the first of docs/scenarios.md, which is run', () => {
  const [, shown] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const [, run = ''] = /```yaml scenarios\/guest-expiry\.yaml\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/scenarios.md'), 'utf8')) ?? [];
  expect(shown).toBe(run.replace(/^#.*\n/, '').replace('../topology', 'topology'));
});

it('the README has a row for each purpose of the node table, and each inferred one is marked', () => {
  const [, table] = /## Who sends which mail\n\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  const rows = table?.split('\n').slice(2) ?? [];
  expect(rows).toHaveLength(nodeTable.length);
  expect(rows.filter((row) => row.includes('inferred'))).toHaveLength(nodeTable.filter(({ basis }) => basis === 'inferred').length);
});

it('every page that the README links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path ?? '');
  expect(links.length).toBeGreaterThan(4);
  for (const path of links) expect(() => readFileSync(join(root, path)), path).not.toThrow();
});
