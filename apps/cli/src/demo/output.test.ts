import { expect, test } from 'vitest';
import { outputTo } from './output.ts';

test('a terminal gives the width, anything else has 100 columns', () => {
  const width = (stream: { isTTY: boolean; columns?: number }) => outputTo(stream as NodeJS.WriteStream, {}, new AbortController().signal).width;

  expect(width({ isTTY: true, columns: 140 })).toBe(140);
  expect(width({ isTTY: true, columns: 0 })).toBe(100);
  expect(width({ isTTY: false })).toBe(100);
});

test('nothing is shown any more once it was interrupted', () => {
  const shown: string[] = [];
  const interruption = new AbortController();
  const { line } = outputTo({ isTTY: false, write: (text: string) => shown.push(text) } as unknown as NodeJS.WriteStream, {}, interruption.signal);

  line('before');
  interruption.abort();
  line('after');

  expect(shown).toEqual(['before\n']);
});
