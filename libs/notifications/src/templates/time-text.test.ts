import { dayMs, hourMs, minuteMs, parseInstant, secondMs } from '@isesim/domain';
import { expect, test } from 'vitest';
import { dateTime, daysInWords, durationInWords, monthFirstDateTime } from './time-text.ts';

test('instants are written as ISE writes them, in UTC', () => {
  const instant = parseInstant('2026-05-03T10:25:09+02:00') ?? 0;

  expect(dateTime(instant)).toBe('2026-05-03 08:25:09');
  expect(monthFirstDateTime(instant)).toBe('05/03/2026 08:25');
});

test.each([
  { ms: 90 * dayMs, words: '90 days' },
  { ms: dayMs, words: '1 day' },
  { ms: 12 * hourMs, words: '12 hours' },
  { ms: 30 * minuteMs, words: '30 minutes' },
  { ms: 3 * dayMs - 1, words: '2 days 23 hours' },
  { ms: dayMs + minuteMs, words: '1 day 1 minute' },
  { ms: 59 * secondMs, words: 'less than a minute' },
  { ms: 0, words: 'less than a minute' },
  { ms: -dayMs, words: 'less than a minute' },
])('$ms ms are $words', ({ ms, words }) => {
  expect(durationInWords(ms)).toBe(words);
});

test.each([
  { days: 5, words: '5 days' },
  { days: 1, words: '1 day' },
  { days: 0, words: 'less than a day' },
  { days: -2, words: 'less than a day' },
])('$days days are $words', ({ days, words }) => {
  expect(daysInWords(days)).toBe(words);
});
