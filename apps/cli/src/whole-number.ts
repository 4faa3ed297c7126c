import { CommandProblem } from './problem.ts';

/** The number that a flag's text writes. Throws a problem when it is none, or below `least`. */
export function wholeNumber(flag: string, text: string, least: number): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
  throw new CommandProblem({ kind: 'wrong input', code: flag, message: `--${flag} is "${text}"`, remedy: `Write a whole number from ${least}, as --${flag} 7.` });
}
