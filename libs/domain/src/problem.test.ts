import { expect, test } from 'vitest';
import { Problem, problemData, problemFrom } from './problem.ts';

test('a problem crosses the bus as data and arrives as the same problem', () => {
  const problem = new Problem('refused', 'not-primary', 'ise-2 is not the primary PAN', 'Change settings on the primary PAN.');
  const arrived = problemFrom(JSON.parse(JSON.stringify(problemData(problem))));

  expect(arrived).toBeInstanceOf(Problem);
  expect(arrived).toEqual(problem);
  expect(arrived.remedy).toBe('Change settings on the primary PAN.');
});

test.each([
  { thrown: new TypeError('x is undefined'), message: 'x is undefined' },
  { thrown: 'just text', message: 'just text' },
])('anything else that was thrown is told as a defect: $message', ({ thrown, message }) => {
  expect(problemData(thrown)).toEqual({ kind: 'could not run', code: 'defect', message, remedy: 'This is a defect of isesim: please report it.' });
});
