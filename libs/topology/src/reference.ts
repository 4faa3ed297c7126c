import { itemOf, schemasIn, wordsOf, type JsonSchema } from './fields.ts';
import { either } from './wording.ts';

/*
 * Parts of pages that are written from definitions: a format's fields as rows of a table.
 */

const end = '<!-- /generated -->';

/** A page of documentation, what stands between its marks for `part` written anew. */
export function withGenerated(page: string, part: string, text: string): string {
  const begin = `<!-- generated: ${part} -->`;
  const [before, rest] = page.split(begin);
  const [, ...after] = rest?.split(end) ?? [];
  if (before === undefined || after.length === 0) throw new RangeError(`the page lacks ${begin} and ${end}`);
  return `${before}${begin}\n\n${text}\n${end}${after.join(end)}`;
}

/** A row for each field: its name, kind of value, default and meaning. */
export function fieldTable(rows: readonly (readonly [field: string, value: string, fallback: string, meaning: string])[]): string {
  return table(['field', 'value', 'default', 'meaning'], rows);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells, index) => (index === 1 ? `|${cells.join('|')}|` : `| ${cells.join(' | ')} |`)).join('\n') + '\n';
}

/** `whole number from 1 to 65535` */
export function kindOfValue(schema: JsonSchema): string {
  const { title, anyOf, type, minimum, maximum, properties, oneOf } = schema;
  const item = itemOf(schema);
  const words = wordsOf(schema);
  if (title !== undefined) return title;
  if (words.length > 0) return either(words.map(code));
  if (anyOf) return either(schemasIn(anyOf).map(kindOfValue));
  if (item) return `list of ${severalOf(kindOfValue(item))}`;
  if (properties || oneOf || type === 'object') return 'map';
  if (type === 'integer') return `whole number from ${minimum} to ${maximum}`;
  if (type === 'boolean') return either([code('true'), code('false')]);
  return code(String(type));
}

function severalOf(kind: string): string {
  if (kind.endsWith('`')) return kind;
  const [number, range] = kind.split(' from ');
  if (range !== undefined) return `${severalOf(number ?? '')} from ${range}`;
  return kind.endsWith('s') ? `${kind}es` : `${kind}s`;
}

// A description ends with the default where that is no fixed value.
const spokenDefault = /(?:^|\. )Default: (.*)$/;

/** The default that a description speaks of. */
export function defaultSpoken(description: string): string | undefined {
  return spokenDefault.exec(description)?.[1];
}

export function withoutDefault(description: string): string {
  return description.replace(spokenDefault, '');
}

export function sentence(text: string): string {
  return text === '' ? '' : `${cell(text)}.`;
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** A text as it can stand in a cell of a table. */
export function cell(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('|', '\\|');
}
