import { quoted, shown, shownKey } from '@isesim/topology/yaml';
import type * as z from 'zod';
import type { Step } from './step.ts';

/** What is wrong with a step's fields: which one, what it is, and what to write instead. A secret's value is not told. */
export function fieldMistakes(step: Pick<Step, 'fields'>, written: unknown, issues: readonly z.core.$ZodIssue[]): string[] {
  return [...new Set(issues.flatMap((issue) => mistakesOf(step, written, issue)))];
}

function mistakesOf(step: Pick<Step, 'fields'>, written: unknown, issue: z.core.$ZodIssue): string[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    const remedies = message.split('\n');
    return issue.keys.map((key, index) => `unknown field ${shownKey(key)}; ${remedies[index] ?? ''}`);
  }
  if (path.length === 0) return [message];
  const name = path.map(String).join('.');
  const value = path.reduce<unknown>((found, key) => (found as Record<PropertyKey, unknown> | undefined)?.[key], written);
  if (value === undefined) return [`${name} is missing; ${message}`];
  return [`${name} is ${isSecretField(step, String(path[0])) ? 'a secret that is not told' : told(value)}; ${message}`];
}

function told(value: unknown): string {
  return value === '' ? quoted(value) : shown(value);
}

/** Whether nobody may see what is written in this field. */
export function isSecretField({ fields }: Pick<Step, 'fields'>, field: string): boolean {
  return (fields.shape[field] as z.ZodType | undefined)?.meta()?.['secret'] !== undefined;
}
