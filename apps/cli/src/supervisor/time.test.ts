import { expect, test } from 'vitest';
import { parseTime } from './time.ts';

test.each(['real', 'stepped', '60x', '0.5x'])('time can pass as %s', (text) => {
  expect(parseTime(text)).toBe(text);
});

test.each(['', '60', 'x', '0x', '-1x', '1e3x', 'Real'])('%j is no way for time to pass', (text) => {
  expect(() => parseTime(text)).toThrow(`--time "${text}" is no way for time to pass`);
});
