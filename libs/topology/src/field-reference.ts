import { stringify } from 'yaml';
import { fieldsOf, itemOf, schemasIn, wordsOf, type Field, type JsonSchema } from './fields.ts';
import { jsonSchemaOfFormat, supportedSoFar } from './json-schema.ts';
import { either } from './wording.ts';

const begin = '<!-- generated: fields -->';
const end = '<!-- /generated -->';

/** A page of documentation, its reference of fields written anew between the two marks. */
export function withFieldReference(page: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new RangeError(`the page lacks ${begin} and ${end}`);
  return `${before}${begin}\n\n${fieldReference()}\n${end}${after}`;
}

/** A table of what stands at the top of a file, then one for each section. */
function fieldReference(): string {
  const fields = groupBy(fieldsOf(jsonSchemaOfFormat()), ({ path }) => path);
  const sections = groupBy([...fields], ([path]) => (/[.[]/.test(path) ? (/^\w+/.exec(path)?.[0] ?? '') : ''));
  return [...sections]
    .map(([section, rows]) => `### ${section === '' ? 'The whole file' : section}\n\n${table(rows.map(([path, same]) => row(path, same)))}`)
    .join('\n');
}

function table(rows: readonly string[]): string {
  return ['| field | value | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** The row of a field, from all the kinds of map that have it. */
function row(path: string, same: readonly Field[]): string {
  return `| ${[code(path), valueText(same), fallbackText(same), meaningText(path, same)].join(' | ')} |`;
}

function valueText(same: readonly Field[]): string {
  const words = same.flatMap(({ schema }) => wordsOf(schema));
  return words.length > 0 ? either(words.map(code)) : kindOfValue(same[0]?.schema ?? {});
}

function kindOfValue(schema: JsonSchema): string {
  const { title, anyOf, type, minimum, maximum, properties, oneOf } = schema;
  const item = itemOf(schema);
  const words = wordsOf(schema);
  if (title !== undefined) return title;
  if (words.length > 0) return either(words.map(code));
  if (anyOf) return either(schemasIn(anyOf).map(kindOfValue));
  if (item) return `list of ${severalOf(kindOfValue(item))}`;
  if (properties || oneOf) return 'map';
  if (type === 'integer') return `whole number from ${minimum} to ${maximum}`;
  if (type === 'boolean') return either([code('true'), code('false')]);
  return code(String(type));
}

function severalOf(kind: string): string {
  return kind.endsWith('s') ? `${kind}es` : `${kind}s`;
}

// A description ends with the default where that is no fixed value.
const spokenDefault = /(?:^|\. )Default: (.*)$/;

function fallbackText(same: readonly Field[]): string {
  const [first] = same;
  if (!first || same.every(({ required }) => required)) return 'required';
  const { default: fixed, description = '' } = first.schema;
  if (fixed !== undefined && JSON.stringify(fixed) !== '{}') return code(yamlText(fixed));
  return cell(spokenDefault.exec(description)?.[1] ?? '–');
}

function meaningText(path: string, same: readonly Field[]): string {
  const support = same.some(({ supported }) => supported) ? supportedSoFar(path) : 'Not supported yet';
  const descriptions = same.map(({ schema }) => schema.description?.replace(spokenDefault, '') ?? '');
  const sentences = [support && `**${support}.**`, sentence([...new Set(descriptions)].join('; ')), onlyWith(same)];
  return sentences.filter((each) => each).join(' ');
}

/** Which kinds of map have the field, unless all have it. */
function onlyWith(same: readonly Field[]): string {
  const { by, all } = same[0]?.kind ?? { by: '', all: [] };
  const words = same.flatMap(({ kind }) => kind?.words ?? []);
  return words.length < all.length ? `Only where ${code(by)} is ${either(words.map(code))}.` : '';
}

function sentence(text: string): string {
  return text === '' ? '' : `${cell(text)}.`;
}

function yamlText(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('|', '\\|');
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
