import { expect, it } from 'vitest';
import { allSteps } from './steps.ts';

const odd: readonly unknown[] = [null, '', 'x', ' ', 0, -1, 0.5, 1e12, true, [], [1], {}, { x: 1 }, NaN];

it.each(allSteps)("what is wrong with a field of %s is told in our words, not in the validator's", (_, { fields }) => {
  const issues = [{}, ...Object.keys(fields.shape).flatMap((field) => odd.map((value) => ({ [field]: value })))].flatMap((given) => fields.safeParse(given).error?.issues ?? []);
  expect(issues.map(({ message }) => message).filter((message) => /^(Invalid|Too |Unrecognized|Expected)|expected/.test(message))).toEqual([]);
});
