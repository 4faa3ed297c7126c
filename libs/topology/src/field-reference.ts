import { stringify } from 'yaml';
import { fieldsOf, wordsOf, type Field } from './fields.ts';
import { jsonSchemaOfFormat, supportedSoFar } from './json-schema.ts';
import { cell, code, defaultSpoken, fieldTable, kindOfValue, sentence, withGenerated, withoutDefault } from './reference.ts';
import { either } from './wording.ts';

/** A page of documentation, its reference of fields written anew between the two marks. */
export function withFieldReference(page: string): string {
  return withGenerated(page, 'fields', fieldReference());
}

/** A table of what stands at the top of a file, then one for each section. */
function fieldReference(): string {
  const fields = groupBy(fieldsOf(jsonSchemaOfFormat()), ({ path }) => path);
  const sections = groupBy([...fields], ([path]) => (/[.[]/.test(path) ? (/^\w+/.exec(path)?.[0] ?? '') : ''));
  return [...sections]
    .map(([section, rows]) => `### ${section === '' ? 'The whole file' : section}\n\n${fieldTable(rows.map(([path, same]) => row(path, same)))}`)
    .join('\n');
}

/** The row of a field, from all the kinds of map that have it. */
function row(path: string, same: readonly Field[]): [string, string, string, string] {
  return [code(path), valueText(same), fallbackText(same), meaningText(path, same)];
}

function valueText(same: readonly Field[]): string {
  const words = same.flatMap(({ schema }) => wordsOf(schema));
  return words.length > 0 ? either(words.map(code)) : kindOfValue(same[0]?.schema ?? {});
}

function fallbackText(same: readonly Field[]): string {
  const [first] = same;
  if (!first || same.every(({ required }) => required)) return 'required';
  const { default: fixed, description = '' } = first.schema;
  if (fixed !== undefined && JSON.stringify(fixed) !== '{}') return code(yamlText(fixed));
  return cell(defaultSpoken(description) ?? '–');
}

function meaningText(path: string, same: readonly Field[]): string {
  const support = same.some(({ supported }) => supported) ? supportedSoFar(path) : 'Not supported yet';
  const descriptions = same.map(({ schema }) => withoutDefault(schema.description ?? ''));
  const sentences = [support && `**${support}.**`, sentence([...new Set(descriptions)].join('; ')), onlyWith(same)];
  return sentences.filter((each) => each).join(' ');
}

/** Which kinds of map have the field, unless all have it. */
function onlyWith(same: readonly Field[]): string {
  const { by, all } = same[0]?.kind ?? { by: '', all: [] };
  const words = same.flatMap(({ kind }) => kind?.words ?? []);
  return words.length < all.length ? `Only where ${code(by)} is ${either(words.map(code))}.` : '';
}

function yamlText(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
