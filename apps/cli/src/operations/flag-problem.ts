import { Problem } from '@isesim/domain';
import type * as z from 'zod';

/** What is wrong with the first wrong flag: fact and value, then what to write instead. `argument`: the field that came without a flag. */
export function flagProblem(issues: readonly z.core.$ZodIssue[], value: unknown, argument?: string): Problem {
  const [issue] = issues;
  const field = issue?.path[0];
  if (issue === undefined) return new Problem('wrong input', 'request', 'the request is not as it should be', 'See "isesim --help".');
  if (typeof field !== 'string') return new Problem('wrong input', 'request', 'the flags do not fit together', sentence(flagsNamed(issue.message)));
  const written = (value as Record<string, unknown>)[field];
  const flag = argument === undefined ? flagOf(field) : `<${argument}>`;
  if (written === undefined) return new Problem('wrong input', field, `${flag} is missing`, `Give it: ${flag} <value>.`);
  const [fact = '', ...rest] = issue.message.split('; ');
  if (/^(write|leave) /.test(fact)) return new Problem('wrong input', field, `${flag} is "${String(written)}"`, sentence(issue.message));
  const remedy = rest.join('; ');
  return new Problem('wrong input', field, `${flag} "${String(written)}" ${fact}`, remedy === '' ? 'See the help of the verb.' : sentence(remedy));
}

/** `validFor` is `--valid-for`. */
export function flagOf(field: string): string {
  return argumentFields.has(field) ? `<${field}>` : `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

// Given as arguments, without a flag.
const argumentFields: ReadonlySet<string> = new Set(['id']);

/** `write either by or to` names fields. */
export function flagsNamed(message: string): string {
  return message.replace(/^write /, 'give ');
}

export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\?$/, '')}${text.endsWith('?') ? '?' : '.'}`;
}
