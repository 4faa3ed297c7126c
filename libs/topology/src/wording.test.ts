import { expect, test } from 'vitest';
import { pathText } from './finding.ts';
import { either, kindOf, nearMisses, quoted, shown } from './wording.ts';

test.each([
  ['psm', ['pan', 'psn', 'mnt'], ['psn']],
  ['pxn', ['pan', 'psn', 'mnt'], ['pan', 'psn']],
  ['client_secret', ['clientId', 'clientSecret'], ['clientSecret']],
  ['hsot', ['host', 'port'], ['host']],
  ['master', ['primary', 'secondary'], []],
  ['x', ['a', 'b'], []],
  ['', ['a', 'b'], []],
  ['p'.repeat(100_000), ['psn'], []],
  [7, ['7'], []],
  ['psn-0', ['psn-1', 'psn-2', 'psn-3', 'psn-4'], ['psn-1', 'psn-2', 'psn-3']],
  ['a', [], []],
])('%.20s among %j may mean %j', (word, known, meant) => {
  expect(nearMisses(word, known)).toEqual(meant);
});

test('a value is shown on one line, cut short, lists and maps by their kind', () => {
  expect(['a"b', 5, true, null, '', [1], { a: 1 }].map(shown)).toEqual(['"a\\"b"', '5', 'true', 'empty', 'empty', 'a list', 'a map']);
  expect(quoted('x'.repeat(100))).toBe(`"${'x'.repeat(60)}…"`);
  expect(quoted('a\n\u001b\u0085\u2028\u202e')).toBe('"a\\n\\u001b\\u0085\\u2028\\u202e"');
});

test('the kind of a value tells nothing of the value', () => {
  expect(['a', 5, true, null, [1], { a: 1 }].map(kindOf)).toEqual(['a text', 'a number', 'a boolean', 'empty', 'a list', 'a map']);
});

test('words are joined as in a sentence', () => {
  expect([either([]), either(['a']), either(['a', 'b']), either(['a', 'b', 'c'])]).toEqual(['', 'a', 'a or b', 'a, b or c']);
});

test('a path is written as in JavaScript', () => {
  expect(pathText(['nodes', 2, 'pan'])).toBe('nodes[2].pan');
  expect(pathText(['network', 'hosts', 'a.example'])).toBe('network.hosts["a.example"]');
});
