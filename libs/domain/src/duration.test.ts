import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationMaxMs, durationSchema, formatDuration, parseConnectionTimeout, parseDuration } from './duration.ts';

test.each([
  { text: '90s', ms: 90_000 },
  { text: '15m', ms: 900_000 },
  { text: '2h', ms: 7_200_000 },
  { text: '3d', ms: 259_200_000 },
  { text: '0s', ms: 0 },
  { text: '0.001s', ms: 1 },
  { text: '1.5h', ms: 5_400_000 },
])('$text is $ms milliseconds', ({ text, ms }) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 's', '90', '-1s', '+1s', '1e3s', '90 s', ' 90s', '90s\n', '90S', '1w', '1h30m', '.5s', '1.s', '0.0001s', '1234567890s', '٣d', 'Infinitys', 'NaNs'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(durationSchema.safeParse(text).error?.issues[0]?.message).toBe('is not a duration; write a number and s, m, h or d, as 90s, 15m or 3d');
  },
);

test('a duration has at most a million days', () => {
  expect(parseDuration('1000000d')).toBe(durationMaxMs);
  expect(parseDuration('1000000.001d')).toBeUndefined();
  expect(parseDuration('99999999d')).toBeUndefined();
  expect(durationSchema.safeParse('99999999d').error?.issues[0]?.message).toBe('is too long; write at most 1000000d');
});

test.each([
  { ms: 0, text: '0s' },
  { ms: 1, text: '0.001s' },
  { ms: 90_000, text: '90s' },
  { ms: 60_000, text: '1m' },
  { ms: 5_400_000, text: '90m' },
  { ms: 129_600_000, text: '36h' },
  { ms: 259_200_000, text: '3d' },
])('$ms milliseconds are spelled $text', ({ ms, text }) => {
  expect(formatDuration(ms)).toBe(text);
});

test('every duration that is spelled is read back as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_000 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

test('a duration in a file becomes milliseconds', () => {
  expect(durationSchema.parse('3d')).toBe(259_200_000);
});

test.each([
  [60, 60_000],
  ['60', 60_000],
  ['60s', 60_000],
  ['2m', 120_000],
  ['', undefined],
  ['1.5', undefined],
  ['-1', undefined],
])('a Connection Timeout of %j is %s ms', (written, ms) => {
  expect(parseConnectionTimeout(written)).toBe(ms);
});
