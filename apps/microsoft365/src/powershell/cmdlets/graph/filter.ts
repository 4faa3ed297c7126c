import { graphError } from '../../errors.ts';
import { textOf, type PowerShellObject } from '../../values/value.ts';

const clause = /^\s*(?:startswith\(\s*(?<begins>\w+)\s*,\s*'(?<beginning>[^']*)'\s*\)|(?<property>\w+)\s+eq\s+'?(?<value>[^']*?)'?)\s*$/i;

/** Microsoft Graph's `-Filter`: `appId eq '…'` and `startsWith(displayName,'…')`, joined by `and`. */
export function filtered(cmdlet: string, objects: readonly PowerShellObject[], filter: string | undefined): readonly PowerShellObject[] {
  if (filter === undefined) return objects;
  const conditions = filter.split(/\s+and\s+/i).map((each) => conditionOf(cmdlet, each, filter));
  return objects.filter((object) => conditions.every((holds) => holds(object)));
}

function conditionOf(cmdlet: string, text: string, filter: string): (object: PowerShellObject) => boolean {
  const { begins, beginning = '', property, value = '' } = clause.exec(text)?.groups ?? {};
  const lower = (object: PowerShellObject, name: string) => textOf(object.get(name)).toLowerCase();
  if (begins !== undefined) return (object) => lower(object, begins).startsWith(beginning.toLowerCase());
  if (property !== undefined) return (object) => lower(object, property) === value.toLowerCase();
  throw graphError(cmdlet, `Invalid filter clause: ${filter}`, 'bad-request', `Write -Filter "appId eq '…'" or "displayName eq '…'".`);
}
