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
  return `${paint(process.stderr, 'red', 'error:')} ${printable(message)}\n${indented}${stack}`;
}
