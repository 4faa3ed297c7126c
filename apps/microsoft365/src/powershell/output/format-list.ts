import { PowerShellObject, textOf, type Value } from '../values/value.ts';
import { shown } from './shown.ts';

/** `Name : value`, one property a line, as Format-List gives it. `names` may hold wildcards. */
export function formatList(objects: readonly Value[], names: readonly string[] = ['*']): string {
  return objects.map((object) => (object instanceof PowerShellObject ? listOf(object, names) : `\n${textOf(object)}\n`)).join('') + '\n';
}

function listOf(object: PowerShellObject, names: readonly string[]): string {
  const properties = names.flatMap((name) => matching(object, name));
  const width = Math.max(0, ...properties.map((name) => name.length));
  const lines = properties.map((name) => `${name.padEnd(width)} : ${shown(object.get(name))}\n`);
  return `\n${lines.join('')}`;
}

/** The properties that a name with `*` stands for, as they are spelled. */
export function matching({ properties }: PowerShellObject, name: string): string[] {
  const pattern = new RegExp(`^${name.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
  const found = Object.keys(properties).filter((each) => pattern.test(each));
  return found.length > 0 || name.includes('*') ? found : [name];
}
