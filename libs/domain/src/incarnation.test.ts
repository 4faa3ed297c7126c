import { expect, test } from 'vitest';
import { nameOf } from './incarnation.ts';

test.each([
  ['psn-1#12', 'psn-1'],
  ['psn-1', ''],
  ['', ''],
])('%j is an incarnation of %j', (incarnation, name) => {
  expect(nameOf(incarnation)).toBe(name);
});
