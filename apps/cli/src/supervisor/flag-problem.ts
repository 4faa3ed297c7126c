import { Problem } from '@isesim/domain';
import type { z } from 'zod';

/** What is wrong with the first wrong flag: fact and value, then what to write instead. */
export function flagProblem(issues: readonly z.core.$ZodIssue[], value: unknown): Problem {
  const [issue] = issues;
  const field = issue?.path[0];
  if (issue === undefined || typeof field !== 'string') return new Problem('wrong input', 'request', 'the request is not as it should be', 'See "isesim --help".');
  const written = (value as Record<string, unknown>)[field];
  if (written === undefined) return new Problem('wrong input', field, `${flagOf(field)} is missing`, `Give it: ${flagOf(field)} <value>.`);
  const [fact = '', ...rest] = issue.message.split('; ');
  const remedy = rest.join('; ');
  const given = bare.has(field) ? '' : `${flagOf(field)} `;
  return new Problem('wrong input', field, `${given}"${String(written)}" ${fact}`, remedy === '' ? 'See the help of the verb.' : sentence(remedy));
}

// Given as arguments without a flag.
const bare: ReadonlySet<string> = new Set(['when', 'id']);

/** `validFor` is `--valid-for`. */
export function flagOf(field: string): string {
  return bare.has(field) ? `<${field}>` : `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
