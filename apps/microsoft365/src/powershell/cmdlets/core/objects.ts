import { cmdletError } from '../../errors.ts';
import { memberOf } from '../../members.ts';
import { operate } from '../../operators.ts';
import { matching } from '../../output/format-list.ts';
import { formatDate } from '../../values/format-date.ts';
import { isTrue, PowerShellDate, PowerShellObject, textOf, type Value } from '../../values/value.ts';
import type { Bound } from '../../bound.ts';
import type { Cmdlet } from '../cmdlet.ts';

const comparisons = { EQ: 'eq', NE: 'ne', Like: 'like', NotLike: 'notlike', Contains: 'contains', In: 'in', GT: 'gt', GE: 'ge', LT: 'lt', LE: 'le' } as const;

export const whereObject: Cmdlet = {
  name: 'Where-Object',
  aliases: ['where', '?'],
  from: 'PowerShell',
  help: 'Lets through the objects for which a condition holds.',
  example: "$exchange.AppRoles | Where-Object { $_.Value -eq 'SMTP.SendAsApp' }",
  parameters: {
    FilterScript: { takes: 'value', position: 0, aliases: ['Property'] },
    Value: { takes: 'value', position: 1 },
    ...Object.fromEntries(Object.keys(comparisons).map((name) => [name, { takes: 'value' as const }])),
  },
  run: (bound, { input }) => {
    const block = bound.block('FilterScript');
    if (block) return input.filter((each) => block.holdsFor(each));
    const property = bound.text('FilterScript');
    const used = Object.entries(comparisons).find(([name]) => bound.has(name));
    const holds = (value: Value) => (used ? operate(used[1], value, bound.value(used[0])) : value);
    return input.filter((each) => isTrue(holds(memberOf(each, property))));
  },
};

export const selectObject: Cmdlet = {
  name: 'Select-Object',
  aliases: ['select'],
  from: 'PowerShell',
  help: 'Picks properties of objects, or some of the objects.',
  example: 'Get-ServicePrincipal | select DisplayName, AppId, ObjectId',
  parameters: {
    Property: { takes: 'texts', position: 0 },
    ExpandProperty: { takes: 'text' },
    First: { takes: 'number' },
    Last: { takes: 'number' },
    Skip: { takes: 'number' },
    Unique: { takes: 'switch' },
  },
  run: (bound, { input }) => {
    const some = sliceOf(bound, input);
    if (bound.has('ExpandProperty')) return some.flatMap((each) => expanded(each, bound.text('ExpandProperty')));
    return bound.has('Property') ? some.map((each) => picked(each, bound.texts('Property'))) : some;
  },
};

function sliceOf(bound: Bound, input: readonly Value[]): readonly Value[] {
  const number = (name: string) => Number(bound.text(name));
  const rest = bound.has('Skip') ? input.slice(number('Skip')) : input;
  if (bound.has('First')) return rest.slice(0, number('First'));
  return bound.has('Last') && number('Last') > 0 ? rest.slice(-number('Last')) : rest;
}

function expanded(object: Value, name: string): readonly Value[] {
  const value = memberOf(object, name);
  if (value === null) throw cmdletError('Select-Object', `Property "${name}" cannot be found.`, '"| fl" shows the properties.');
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}

function picked(object: Value, names: readonly string[]): Value {
  if (!(object instanceof PowerShellObject)) return object;
  const properties = names.flatMap((name) => matching(object, name));
  return new PowerShellObject({ name: `Selected.${object.type.name}` }, Object.fromEntries(properties.map((name) => [name, object.get(name)])));
}

export const getDate: Cmdlet = {
  name: 'Get-Date',
  from: 'PowerShell',
  help: 'The simulated time, in UTC.',
  example: '(Get-Date).AddMonths(6)',
  parameters: { Date: { takes: 'date', position: 0 }, Format: { takes: 'text' }, AsUTC: { takes: 'switch' } },
  run: (bound, { now }) => {
    const date = bound.date('Date') ?? new PowerShellDate(now);
    return [bound.has('Format') ? formatDate(date.instant, bound.text('Format')) : date];
  },
};

export const writeOutput: Cmdlet = {
  name: 'Write-Output',
  aliases: ['echo', 'Write-Host'],
  from: 'PowerShell',
  help: 'Prints values.',
  example: 'Write-Output $secret.SecretText',
  parameters: { InputObject: { takes: 'value', position: 0 } },
  run: (bound) => [textOf(bound.value('InputObject'))],
};
