import { memberOf } from '../../members.ts';
import { asList, Block, PowerShellDate, textOf, type Value } from '../../values/value.ts';
import type { Bound } from '../../bound.ts';
import type { Cmdlet } from '../cmdlet.ts';

export const sortObject: Cmdlet = {
  name: 'Sort-Object',
  aliases: ['sort'],
  from: 'PowerShell',
  help: 'Sorts objects, by themselves or by properties of theirs.',
  example: 'Get-MgUser | Sort-Object DisplayName',
  parameters: { Property: { takes: 'value', position: 0 }, Descending: { takes: 'switch' }, Unique: { takes: 'switch' } },
  run: (bound, { input }) => {
    const compare = comparisonBy(bound);
    const sorted = input.toSorted(bound.isOn('Descending') ? (one, other) => compare(other, one) : compare);
    return bound.isOn('Unique') ? sorted.filter((each, index) => index === 0 || compare(sorted[index - 1] ?? null, each) !== 0) : sorted;
  },
};

type Comparison = (one: Value, other: Value) => number;

/** By the first property in which two differ. */
function comparisonBy(bound: Bound): Comparison {
  if (!bound.has('Property')) return compareValues;
  const properties = asList(bound.value('Property'));
  return (one, other) => properties.reduce((before: number, property) => before || compareValues(keyOf(one, property), keyOf(other, property)), 0);
}

function keyOf(object: Value, property: Value): Value {
  return property instanceof Block ? property.gives(object) : memberOf(object, textOf(property));
}

/** Numbers and dates by their size; all else as text, in which case does not count. */
function compareValues(one: Value, other: Value): number {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (first !== undefined && second !== undefined) return first - second;
  return textOf(one).localeCompare(textOf(other), 'en', { sensitivity: 'base' });
}

function numberOf(value: Value): number | undefined {
  if (value instanceof PowerShellDate) return value.instant;
  if (Array.isArray(value) && value.length === 1) return numberOf((value as readonly Value[])[0] ?? null);
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : undefined;
}
