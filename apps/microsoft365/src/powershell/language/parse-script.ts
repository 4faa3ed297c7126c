import { Problem } from '@isesim/domain';
import { Cursor } from './cursor.ts';
import { parseCommand } from './parse-command.ts';
import { parseExpression } from './parse-expression.ts';
import { withoutPastedParts } from './pasted-lines.ts';
import type { Pipeline, Stage, Statement } from './syntax.ts';
import { variableName } from './variable-name.ts';

/** Parses a script, as typed or as copied from a page or a terminal. Throws a `Problem` that says where it is wrong. */
export function parseScript(text: string): Statement[] {
  const cursor = new Cursor(withoutPastedParts(text));
  const statements = parseStatements(cursor, /$/);
  if (!cursor.atEnd) throw cursor.unexpected('a command');
  return statements;
}

/** Statements up to `end`, which is left where it is. */
export function parseStatements(cursor: Cursor, end: RegExp): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    skipSeparators(cursor);
    if (cursor.atEnd || cursor.sees(end)) return statements;
    statements.push(parseStatement(cursor));
    cursor.skipBlanks();
    if (!cursor.atEnd && !cursor.sees(/[;\r\n]/) && !cursor.sees(end)) throw cursor.unexpected('the end of the line');
  }
}

function skipSeparators(cursor: Cursor): void {
  do cursor.skipLines();
  while (cursor.take(/;/));
}

const assignment = new RegExp(`${variableName.source}[ \\t]*=(?!=)`);

function parseStatement(cursor: Cursor): Statement {
  refuseKeywords(cursor);
  const [, braced, bare] = cursor.take(assignment) ?? [];
  const variable = braced ?? bare;
  if (variable === undefined) return { pipeline: parsePipeline(cursor) };
  cursor.skipLines();
  return { variable, pipeline: parsePipeline(cursor) };
}

function refuseKeywords(cursor: Cursor): void {
  const keyword = cursor.take(/(if|foreach|for|while|function|param|try|switch|do|return|throw)\b(?!-)/i)?.[1];
  if (keyword === undefined) return;
  throw new Problem('wrong input', 'not-played', `ParserError: "${keyword}" is not played`, 'Write the cmdlets one after the other.');
}

export function parsePipeline(cursor: Cursor): Pipeline {
  const stages: Stage[] = [];
  do {
    cursor.skipLines();
    stages.push(parseStage(cursor));
    cursor.skipBlanks();
  } while (cursor.take(/\|/));
  return stages;
}

function parseStage(cursor: Cursor): Stage {
  if (cursor.sees(/[$"'(@\d[!]|-not\b/i)) return { kind: 'value', value: parseExpression(cursor) };
  return parseCommand(cursor);
}
