import { isList, PowerShellObject, textOf, type Value } from '../values/value.ts';

// PowerShell's own limit ($FormatEnumerationLimit).
const itemsMax = 4;

/** A value as a list or a table shows it: a list in braces, an object in one by its type. */
export function shown(value: Value): string {
  if (!isList(value)) return textOf(value);
  const items = value.slice(0, itemsMax).map((each) => (each instanceof PowerShellObject ? each.type.name : textOf(each)));
  return `{${items.join(', ')}${value.length > itemsMax ? '…' : ''}}`;
}
