import { Problem } from '@isesim/domain';
import { asList, isList, isTrue, PowerShellDate, textOf, type Value } from './values/value.ts';

const comparisons: Readonly<Record<string, (left: Value, right: Value) => boolean>> = {
  eq: isSame,
  ne: (left, right) => !isSame(left, right),
  like: (left, right) => wildcard(textOf(right)).test(textOf(left)),
  notlike: (left, right) => !wildcard(textOf(right)).test(textOf(left)),
  match: (left, right) => pattern(textOf(right)).test(textOf(left)),
  notmatch: (left, right) => !pattern(textOf(right)).test(textOf(left)),
  gt: (left, right) => order(left, right) > 0,
  ge: (left, right) => order(left, right) >= 0,
  lt: (left, right) => order(left, right) < 0,
  le: (left, right) => order(left, right) <= 0,
};

/** An operator on two values. Of a list a comparison gives the items for which it holds. */
export function operate(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case 'not':
      return !isTrue(left);
    case 'and':
      return isTrue(left) && isTrue(right);
    case 'or':
      return isTrue(left) || isTrue(right);
    case 'contains':
    case 'notcontains':
      return asList(left).some((each) => isSame(each, right)) === (operator === 'contains');
    case 'in':
    case 'notin':
      return asList(right).some((each) => isSame(each, left)) === (operator === 'in');
    default: {
      const holds = (value: Value) => comparisons[operator]?.(value, right) ?? false;
      return isList(left) ? left.filter(holds) : holds(left);
    }
  }
}

/** Case does not count; dates by their instant. */
function isSame(left: Value, right: Value): boolean {
  if (left === null || right === null) return left === right;
  return textOf(left).toLowerCase() === textOf(right).toLowerCase();
}

function order(left: Value, right: Value): number {
  const number = (value: Value) => (value instanceof PowerShellDate ? value.instant : Number(textOf(value)));
  const difference = number(left) - number(right);
  return Number.isNaN(difference) ? textOf(left).localeCompare(textOf(right)) : difference;
}

function pattern(written: string): RegExp {
  try {
    return new RegExp(written, 'i');
  } catch {
    throw new Problem('refused', 'pattern', `ParserError: The regular expression pattern "${written}" is not valid.`, 'Put a backslash before a sign that is meant as such: \\( \\. \\*');
  }
}

function wildcard(written: string): RegExp {
  const escaped = written.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i');
}
