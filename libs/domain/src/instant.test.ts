import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDate, formatInstant, parseInstant, startOfDay } from './instant.ts';

test.each([
  { text: '2026-02-02', iso: '2026-02-02T00:00:00Z' },
  { text: '2026-02-02T05:00:00Z', iso: '2026-02-02T05:00:00Z' },
  { text: '2026-02-02T05:00Z', iso: '2026-02-02T05:00:00Z' },
  { text: '2026-02-02T05:00:00.250Z', iso: '2026-02-02T05:00:00.250Z' },
  { text: '2026-02-02T05:00:00+14:00', iso: '2026-02-01T15:00:00Z' },
  { text: '2026-02-02T23:30:00-01:00', iso: '2026-02-03T00:30:00Z' },
  { text: '2028-02-29', iso: '2028-02-29T00:00:00Z' },
  { text: '2000-02-29T12:00:00Z', iso: '2000-02-29T12:00:00Z' },
])('$text is the instant $iso', ({ text, iso }) => {
  expect(formatInstant(parseInstant(text) ?? NaN)).toBe(iso);
});

test.each(['2026-02-30', '2026-02-29', '1900-02-29', '2026-04-31', '2026-02-30T00:00:00Z', '2026-02-31T23:00:00-05:00', '2026-00-10', '2026-13-01', '2026-01-00', '2026-01-32'])(
  '%s is no day of any calendar',
  (text) => {
    expect(parseInstant(text)).toBeUndefined();
  },
);

test.each([
  '',
  'tomorrow',
  '2026-2-2',
  '02.02.2026',
  '2026-02-02 05:00:00Z',
  '2026-02-02T05:00:00',
  '2026-02-02T05:00:00 Z',
  '2026-02-02T25:00Z',
  '2026-02-02T23:60Z',
  '2026-02-02T23:59:60Z',
  '2026-02-02T05:00:00+25:00',
  '2026-02-02T05:00:00.1234Z',
  ' 2026-02-02',
  '2026-02-02\n',
  '1770008400000',
])('%j is no instant', (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

test('every instant of the years that can be written is read back as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59) }), (instant) => {
      expect(parseInstant(formatInstant(instant))).toBe(instant);
      expect(parseInstant(formatDate(instant))).toBe(startOfDay(instant));
    }),
  );
});

test('a day begins at midnight UTC, before 1970 too', () => {
  expect(formatInstant(startOfDay(Date.UTC(2026, 1, 2, 23, 59, 59, 999)))).toBe('2026-02-02T00:00:00Z');
  expect(formatInstant(startOfDay(Date.UTC(1969, 11, 31, 1)))).toBe('1969-12-31T00:00:00Z');
});
