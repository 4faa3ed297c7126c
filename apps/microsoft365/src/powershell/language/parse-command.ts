import type { Cursor } from './cursor.ts';
import { parseOperand } from './parse-expression.ts';
import { parseBareWord } from './parse-text.ts';
import type { Argument, Command, Expression } from './syntax.ts';

export function parseCommand(cursor: Cursor): Command {
  const [name] = cursor.demand(/[A-Za-z_][\w.-]*|[?%](?=[\s{])/, 'the name of a cmdlet');
  const given: Argument[] = [];
  for (;;) {
    cursor.skipBlanks();
    if (cursor.atEnd || cursor.sees(/[;|)}\r\n]/)) return { kind: 'command', name, arguments: given };
    given.push(parseArgument(cursor));
  }
}

function parseArgument(cursor: Cursor): Argument {
  const splat = cursor.take(/@([A-Za-z_]\w*)/)?.[1];
  if (splat !== undefined) return { splat };
  const parameter = cursor.take(/-([A-Za-z]\w*)(:?)/);
  if (!parameter) return { value: parseArgumentValue(cursor) };
  const [, name = '', colon] = parameter;
  cursor.skipBlanks();
  // Whether the next word is its value or another argument depends on the parameter: the binding decides.
  return colon === '' ? { parameter: name } : { parameter: name, joined: true, value: parseArgumentValue(cursor) };
}

/** One value, or several with commas between them. */
function parseArgumentValue(cursor: Cursor): Expression {
  const items = [parseWord(cursor)];
  for (;;) {
    const comma = cursor.take(/[ \t]*,/);
    if (!comma) break;
    cursor.skipLines();
    items.push(parseWord(cursor));
  }
  return items.length === 1 && items[0] ? items[0] : { kind: 'list', items };
}

function parseWord(cursor: Cursor): Expression {
  return cursor.sees(/[$"'(@{]/) ? parseOperand(cursor) : parseBareWord(cursor);
}
