import { expect, test } from 'vitest';
import { durationText } from './result-text.ts';

test.each([
  [0, '0s'],
  [250, '0.25s'],
  [10_000, '10s'],
  [172_800_000, '2d'],
  [172_810_000, '2d 10s'],
  [172_810_250, '2d 10s'],
  [93_784_000, '1d 2h 3m 4s'],
])('%d ms of simulated time read %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
