import { depthMax, type Cursor } from './cursor.ts';
import { parsePipeline, parseStatements } from './parse-script.ts';
import { parseDoubleQuoted, parseSingleQuoted } from './parse-text.ts';
import type { Expression } from './syntax.ts';
import { variableName } from './variable-name.ts';

const operators = /-(and|or|eq|ne|like|notlike|contains|notcontains|in|notin|match|notmatch|gt|ge|lt|le)\b/i;

/** An expression with operators; each takes what stands left of it as a whole, as all of these do in PowerShell but -and, -or. */
export function parseExpression(cursor: Cursor): Expression {
  let left = parseComparison(cursor);
  for (let length = 0; ; length += 1) {
    if (length > depthMax) throw cursor.tooDeep();
    cursor.skipBlanks();
    const operator = cursor.take(/-(and|or)\b/i)?.[1];
    if (operator === undefined) return left;
    cursor.skipLines();
    left = { kind: 'operation', operator: operator.toLowerCase(), left, right: parseComparison(cursor) };
  }
}

function parseComparison(cursor: Cursor): Expression {
  const left = parseList(cursor);
  cursor.skipBlanks();
  if (cursor.sees(/-(and|or)\b/i)) return left;
  const operator = cursor.take(operators)?.[1];
  if (operator === undefined) return left;
  cursor.skipLines();
  return { kind: 'operation', operator: operator.toLowerCase(), left, right: parseList(cursor) };
}

function parseList(cursor: Cursor): Expression {
  const first = parseOperand(cursor);
  const items = [first];
  while (cursor.take(/[ \t]*,/)) {
    cursor.skipLines();
    items.push(parseOperand(cursor));
  }
  return items.length === 1 ? first : { kind: 'list', items };
}

/** A value with the members, indexes and calls behind it. */
export function parseOperand(cursor: Cursor): Expression {
  return cursor.within(() => parseWithMembers(cursor));
}

function parseWithMembers(cursor: Cursor): Expression {
  let of = parsePrimary(cursor);
  for (let length = 0; ; length += 1) {
    // Evaluated from the last to the first, each within the one behind it.
    if (length > depthMax) throw cursor.tooDeep();
    const member = cursor.take(/\.([A-Za-z_]\w*)(\(?)/);
    if (member) {
      const [, name = '', call] = member;
      of = call === '' ? { kind: 'member', of, name } : { kind: 'call', of, name, arguments: parseCallArguments(cursor) };
    } else if (cursor.take(/\[/)) {
      of = { kind: 'index', of, index: parseExpression(cursor) };
      cursor.demand(/[ \t]*\]/, '"]"');
    } else return of;
  }
}

function parseCallArguments(cursor: Cursor): Expression[] {
  cursor.skipLines();
  if (cursor.take(/\)/)) return [];
  const parsed = parseExpression(cursor);
  cursor.skipLines();
  cursor.demand(/\)/, '")"');
  return parsed.kind === 'list' ? [...parsed.items] : [parsed];
}

function parsePrimary(cursor: Cursor): Expression {
  // A cast says of what type a text is; every cmdlet converts what it is given anyway.
  if (cursor.take(/\[\w[\w.]*(\[\])?\][ \t]*/)) return parseOperand(cursor);
  if (cursor.take(/\$\(/)) return endedStatements(cursor, false);
  if (cursor.take(/@\(/)) return endedStatements(cursor, true);
  if (cursor.take(/\(/)) return endedStatements(cursor, false);
  if (cursor.take(/@\{/)) return parseHashtable(cursor);
  if (cursor.take(/\{/)) return parseBlock(cursor);
  if (cursor.sees(/"/)) return parseDoubleQuoted(cursor);
  if (cursor.sees(/'/)) return { kind: 'literal', value: parseSingleQuoted(cursor) };
  if (cursor.take(/(?:!|-not\b)[ \t]*/i)) return { kind: 'operation', operator: 'not', left: parseOperand(cursor), right: nothing };
  const [, braced, bare] = cursor.take(variableName) ?? [];
  const variable = braced ?? bare;
  if (variable !== undefined) return namedValue(variable);
  const number = cursor.take(/-?\d+(\.\d+)?(?![\w.-])/)?.[0];
  if (number !== undefined) return { kind: 'literal', value: Number(number) };
  throw cursor.unexpected('a value');
}

/** Of an operator with one side. */
const nothing: Expression = { kind: 'literal', value: null };

function namedValue(name: string): Expression {
  const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
  const constant = constants[name.toLowerCase()];
  return constant === undefined ? { kind: 'variable', name } : { kind: 'literal', value: constant };
}

function endedStatements(cursor: Cursor, list: boolean): Expression {
  const statements = parseStatements(cursor, /\)/);
  cursor.demand(/\)/, '")"');
  return { kind: 'statements', statements, list };
}

function parseBlock(cursor: Cursor): Expression {
  const statements = parseStatements(cursor, /\}/);
  cursor.demand(/\}/, '"}"');
  return { kind: 'block', statements };
}

function parseHashtable(cursor: Cursor): Expression {
  const entries: [string, Expression][] = [];
  for (;;) {
    do cursor.skipLines();
    while (cursor.take(/;/));
    if (cursor.take(/\}/)) return { kind: 'hashtable', entries };
    const key = cursor.sees(/['"]/) ? quotedKey(cursor) : cursor.demand(/[A-Za-z_][\w@.-]*/, 'a key or "}"')[0];
    cursor.skipBlanks();
    cursor.demand(/=/, '"="');
    cursor.skipLines();
    entries.push([key, parseHashtableValue(cursor)]);
  }
}

function quotedKey(cursor: Cursor): string {
  return cursor.demand(/(['"])([^'"\n]*)\1/, 'a key')[2] ?? '';
}

/** A value, or a command: `@{ SkuId = (Get-MgSubscribedSku).SkuId }`. */
function parseHashtableValue(cursor: Cursor): Expression {
  if (cursor.sees(/[$"'(@{[\d-]/)) return parseExpression(cursor);
  return { kind: 'statements', statements: [{ pipeline: parsePipeline(cursor) }], list: false };
}
