import { incomplete, type Cursor } from './cursor.ts';
import { parseOperand } from './parse-expression.ts';
import type { Expression } from './syntax.ts';
import { variableName } from './variable-name.ts';

/** `'…'`, with the quote itself doubled. */
export function parseSingleQuoted(cursor: Cursor): string {
  const [, text] = cursor.take(/'((?:[^']|'')*)'/) ?? [];
  if (text === undefined) throw incomplete("the closing '");
  return text.replaceAll("''", "'");
}

/** `"…"`, with variables and `$( … )` filled in. */
export function parseDoubleQuoted(cursor: Cursor): Expression {
  cursor.demand(/"/, '"');
  const parts: Expression[] = [];
  while (!cursor.take(/"(?!")/)) {
    const [plain] = cursor.take(/(?:[^"$`]|""|`[^]|\$(?![\w({]))+/) ?? [];
    if (plain !== undefined) parts.push({ kind: 'literal', value: unescaped(plain.replaceAll('""', '"')) });
    else parts.push(parseInsertion(cursor, '"'));
  }
  return textOf(parts);
}

/** A word without quotes, up to a blank or a sign that ends it. */
export function parseBareWord(cursor: Cursor): Expression {
  const parts: Expression[] = [];
  for (;;) {
    const [plain] = cursor.take(/(?:[^\s;|(){},"'$`<>]|`[^]|\$(?![\w({]))+/) ?? [];
    if (plain !== undefined) parts.push({ kind: 'literal', value: unescaped(plain) });
    else if (cursor.sees(/\$[\w({]/)) parts.push(parseInsertion(cursor, 'a value'));
    else break;
  }
  if (parts.length === 0) throw cursor.unexpected('a value');
  return textOf(parts);
}

/** `$name`, without what follows it, or `$( … )`. */
function parseInsertion(cursor: Cursor, missing: string): Expression {
  if (cursor.sees(/\$\(/)) return parseOperand(cursor);
  const [, braced, bare] = cursor.demand(variableName, missing);
  return { kind: 'variable', name: braced ?? bare ?? '' };
}

function textOf(parts: readonly Expression[]): Expression {
  const [only] = parts;
  if (parts.length === 0) return { kind: 'literal', value: '' };
  return parts.length === 1 && only?.kind === 'literal' ? only : { kind: 'text', parts };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

function unescaped(text: string): string {
  return text.replace(/`([^])/g, (_, character: string) => escapes[character] ?? character);
}
