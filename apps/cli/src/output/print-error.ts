import type { PrintableProblem } from '../problem.ts';
import { paint, printable } from './terminal.ts';

/** Fact, value and remedy: for a program on stdout, for a person on stderr. */
export function printError(problem: PrintableProblem, { json }: { json: boolean }): void {
  if (json) process.stdout.write(`${errorEnvelope(problem)}\n`);
  else process.stderr.write(errorText(problem));
}

export function errorEnvelope({ code, message, remedy, details }: PrintableProblem): string {
  return JSON.stringify({ error: { code, message, remedy, ...details } });
}

export function errorText({ code, message, remedy, details }: PrintableProblem): string {
  const indented = printable(remedy).split('\n').map((line) => `  ${line}\n`).join('');
  const stack = code === 'defect' && typeof details?.['stack'] === 'string' ? `${details['stack']}\n` : '';
  const error = paint(process.stderr, 'red', 'error:');
  const files = filesOf(message, details?.['mistakes']);
  // Each at the beginning of its line, as editors look for places.
  return files ? `${printable(message)}\n${error} ${printable(headline(files))}\n${indented}` : `${error} ${printable(message)}\n${indented}${stack}`;
}

/** The file of each mistake; undefined when the message is no list of mistakes. */
function filesOf(message: string, mistakes: unknown): string[] | undefined {
  if (!Array.isArray(mistakes)) return undefined;
  const places = mistakes as { readonly file: string; readonly line: number }[];
  return places[0] && message.startsWith(`${places[0].file}:${places[0].line}:`) ? places.map(({ file }) => file) : undefined;
}

function headline(files: readonly string[]): string {
  const mistakes = files.length === 1 ? '1 mistake' : `${files.length} mistakes`;
  const [only = '', ...others] = new Set(files);
  return others.length === 0 ? `${only} has ${mistakes}` : `${mistakes} in ${others.length + 1} files`;
}
