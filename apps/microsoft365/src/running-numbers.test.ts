import { expect, test } from 'vitest';
import { RunningNumbers } from './running-numbers.ts';

test('what has the same cause at one instant gets a number of its own, whatever else happens then', () => {
  const numbers = new RunningNumbers();
  const alone = [numbers.numbered('a', 0), numbers.numbered('a', 0), numbers.numbered('a', 0)];
  const among = new RunningNumbers();
  const others = [among.numbered('b', 0), among.numbered('a', 0), among.numbered('b', 0), among.numbered('a', 0), among.numbered('a', 0)];
  expect(alone).toEqual(['a', 'a 2', 'a 3']);
  expect(others.filter((each) => each.startsWith('a'))).toEqual(alone);
});

test('at the next instant numbers begin anew: a cause names its instant', () => {
  const numbers = new RunningNumbers();
  expect([numbers.numbered('a at 0', 0), numbers.numbered('a at 1', 1), numbers.numbered('a at 1', 1)]).toEqual(['a at 0', 'a at 1', 'a at 1 2']);
});
