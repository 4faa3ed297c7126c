import { expect, test } from 'vitest';
import { formatDate } from './format-date.ts';

const afternoon = Date.UTC(2026, 7, 1, 15, 4, 9, 70);
const midnight = Date.UTC(2026, 11, 24, 0, 30);

test.each([
  ['yyyy-MM-dd', afternoon, '2026-08-01'],
  ['yyyyMMdd HHmmss', afternoon, '20260801 150409'],
  ['dd.MM.yy H:m:s', afternoon, '01.08.26 15:4:9'],
  ['d/M/yyyy h:mm tt', afternoon, '1/8/2026 3:04 PM'],
  ['hh:mm t', midnight, '12:30 A'],
  ['dddd, MMMM d', afternoon, 'Saturday, August 1'],
  ['ddd MMM', midnight, 'Thu Dec'],
  ["yyyy-MM-dd'T'HH:mm:ss.fffZ", afternoon, '2026-08-01T15:04:09.070Z'],
  ['ss.f', afternoon, '09.0'],
  ['yyyy-MM-ddTHH:mm:ssK', afternoon, '2026-08-01T15:04:09Z'],
  ['HH:mm zzz', afternoon, '15:04 +00:00'],
  ['\\d d "day d"', afternoon, 'd 1 day d'],
  ['%d', afternoon, '1'],
  ['d', afternoon, '8/1/2026'],
  ['D', afternoon, 'Saturday, August 1, 2026'],
  ['t', afternoon, '3:04 PM'],
  ['T', afternoon, '3:04:09 PM'],
  ['g', afternoon, '8/1/2026 3:04 PM'],
  ['G', afternoon, '8/1/2026 3:04:09 PM'],
  ['s', afternoon, '2026-08-01T15:04:09'],
  ['u', afternoon, '2026-08-01 15:04:09Z'],
  ['o', afternoon, '2026-08-01T15:04:09.0700000Z'],
  ['O', afternoon, '2026-08-01T15:04:09.0700000Z'],
  ['R', afternoon, 'Sat, 01 Aug 2026 15:04:09 GMT'],
  ['', afternoon, '8/1/2026 3:04:09 PM'],
])('%j of a date', (format, instant, expected) => {
  expect(formatDate(instant, format)).toBe(expected);
});

test.each(['q', 'X'])('%j alone is the name of no format', (format) => {
  expect(() => formatDate(afternoon, format)).toThrow(/Input string was not in a correct format/);
});
