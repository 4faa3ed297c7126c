import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/fidelity.md', root), 'utf8');

type Row = Readonly<Record<string, string>>;
const rows = rowsOf(page);
const modelled = rows.filter((row) => 'statement' in row);
const missing = rows.filter((row) => 'what' in row);
// The page explains each word of certainty in a table of its own.
const certainties = rows.filter((row) => 'means' in row).map(({ certainty = '' }) => certainty);

describe('docs/fidelity.md', () => {
  it('has a table of what is modelled, and one of what is not', () => {
    expect(modelled.length).toBeGreaterThan(100);
    expect(missing.length).toBeGreaterThan(20);
    expect(modelled.length + missing.length + certainties.length).toBe(rows.length);
  });

  it('leaves no cell empty', () => {
    expect(rows.filter((row) => Object.values(row).includes(''))).toEqual([]);
  });

  it('names a certainty for everything that is modelled', () => {
    expect(modelled.filter(({ certainty = '' }) => !isCertainty(certainty))).toEqual([]);
  });

  it('names where it is modelled, by files that are there', () => {
    const paths = modelled.flatMap(({ where = '' }) => codesIn(where));
    expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
    expect(modelled.filter(({ where = '' }) => codesIn(where).length === 0)).toEqual([]);
  });

  it('names for every row a test that is there, or says why there is none', () => {
    expect([...modelled, ...missing].flatMap(({ witness = '' }) => problemsOf(witness))).toEqual([]);
  });
});

it.each([
  ['', ['"" names neither a test nor why there is none']],
  ['none', ['"none" names neither a test nor why there is none']],
  ['none: it cannot be seen', []],
  ['`libs/none.test.ts` › `a title`', ['there is no libs/none.test.ts']],
  ['`test/src/readme.test.ts` › `a title`', ['test/src/readme.test.ts has no test "a title"']],
  ['`test/src/fidelity.test.ts` › `leaves no cell empty`<br>`README.md` › `x`', ['"`README.md` › `x`" names neither a test nor why there is none']],
])('of the witness %j this is wrong: %j', (witness, problems) => {
  expect(problemsOf(witness)).toEqual(problems);
});

/** The rows of all tables, by the words of their heads. */
function rowsOf(markdown: string): Row[] {
  const tables = markdown.split('\n\n').map((block) => block.split('\n').filter((line) => line.startsWith('| ')));
  return tables.flatMap(([head = '', ...body]) =>
    body.map((line) => {
      const cells = cellsOf(line);
      const heads = cellsOf(head);
      if (cells.length !== heads.length) throw new RangeError(`${cells.length} cells where the head has ${heads.length}: ${line}`);
      return Object.fromEntries(heads.map((name, index) => [name, cells[index] ?? '']));
    }),
  );
}

function cellsOf(line: string): string[] {
  return line.split('|').slice(1, -1).map((cell) => cell.trim());
}

function codesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** One of the words, or several, each with what it is said of in brackets. */
function isCertainty(cell: string): boolean {
  const words = cell.replaceAll(/ \([^)]*\)/g, '').split(', ');
  return words.every((word) => certainties.includes(word));
}

function problemsOf(witness: string): string[] {
  if (/^none: \S/.test(witness)) return [];
  return witness.split('<br>').flatMap((each) => {
    const [, path = '', title = ''] = /^`([^`]+\.test\.ts)` › `([^`]+)`$/.exec(each) ?? [];
    if (path === '') return [`"${each}" names neither a test nor why there is none`];
    if (!existsSync(new URL(path, root))) return [`there is no ${path}`];
    return hasTitle(path, title) ? [] : [`${path} has no test "${title}"`];
  });
}

/** Titles are texts in quotes, also those in a table of cases. */
function hasTitle(path: string, title: string): boolean {
  const source = readFileSync(new URL(path, root), 'utf8').replaceAll("\\'", "'");
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => source.includes(quoted));
}
