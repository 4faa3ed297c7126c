import { Problem } from '@isesim/domain';
import { formatDate } from './values/format-date.ts';
import { Hashtable, isList, PowerShellDate, PowerShellObject, textOf, type Value } from './values/value.ts';

/** A property; of a list the properties of its items. What has none of that name has nothing there. */
export function memberOf(value: Value, name: string): Value {
  if (isList(value)) return /^(count|length)$/i.test(name) ? value.length : flatten(value.map((each) => memberOf(each, name)));
  if (value instanceof PowerShellObject || value instanceof Hashtable) return value.get(name);
  if (typeof value === 'string' && /^length$/i.test(name)) return value.length;
  return /^count$/i.test(name) && value !== null ? 1 : null;
}

function flatten(values: readonly Value[]): Value {
  const items = values.flatMap((each) => (isList(each) ? each : [each])).filter((each) => each !== null);
  return items.length === 1 ? (items[0] ?? null) : items;
}

/** `[0]`, `[-1]`, `['key']` */
export function indexOf(value: Value, index: Value): Value {
  if (typeof index !== 'number') return memberOf(value, textOf(index));
  const items = isList(value) ? value : [value];
  return items.at(index) ?? null;
}

type Method = (value: Value, argument: Value) => Value | undefined;

const methods: Readonly<Record<string, Method>> = {
  tostring: (value, format) => (value instanceof PowerShellDate && format !== null ? formatDate(value.instant, textOf(format)) : textOf(value)),
  tolower: (value) => textOf(value).toLowerCase(),
  toupper: (value) => textOf(value).toUpperCase(),
  trim: (value) => textOf(value).trim(),
  touniversaltime: (value) => (value instanceof PowerShellDate ? value : undefined),
  adddays: dateMethod((date, count) => date.setUTCDate(date.getUTCDate() + count)),
  addhours: dateMethod((date, count) => date.setUTCHours(date.getUTCHours() + count)),
  addminutes: dateMethod((date, count) => date.setUTCMinutes(date.getUTCMinutes() + count)),
  addmonths: dateMethod((date, count) => date.setUTCMonth(date.getUTCMonth() + count)),
  addyears: dateMethod((date, count) => date.setUTCFullYear(date.getUTCFullYear() + count)),
};

function dateMethod(add: (date: Date, count: number) => number): Method {
  return (value, argument) => {
    if (!(value instanceof PowerShellDate)) return undefined;
    const date = new Date(value.instant);
    return new PowerShellDate(add(date, Number(textOf(argument))));
  };
}

export function callMember(value: Value, name: string, given: readonly Value[]): Value {
  const result = methods[name.toLowerCase()]?.(value, given[0] ?? null);
  if (result !== undefined) return result;
  throw new Problem('refused', 'method', `InvalidOperation: Method invocation failed because the value does not contain a method named '${name}'.`, `Methods that are played: ${Object.keys(methods).join(', ')}.`);
}
