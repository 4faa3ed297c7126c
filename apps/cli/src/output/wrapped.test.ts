import { expect, test } from 'vitest';
import { wrapped } from './wrapped.ts';

test('text is broken between words, and a word that is too long stays whole', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('one two three', 100)).toEqual(['one two three']);
  expect(wrapped('a unbreakable b', 5)).toEqual(['a', 'unbreakable', 'b']);
  expect(wrapped('', 5)).toEqual(['']);
});
