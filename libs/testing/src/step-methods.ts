import { allSteps, fieldMistakes, fieldsWritten, isAction, type Action, type Expectation, type Stage, type Step, type StepName, type Steps } from '@isesim/scenario';
import { Problem } from '@isesim/domain';
import type * as z from 'zod';

type FieldsOf<Name extends StepName> = z.input<Steps[Name]['fields']>;
type AnswerOf<Name extends StepName> = Steps[Name] extends { run(...all: never[]): infer Answer } ? Awaited<Answer> : undefined;
/** A text is the one obvious field of a step. Steps whose fields can all be left out take none. */
type Given<Name extends StepName> = Record<never, never> extends FieldsOf<Name> ? [given?: FieldsOf<Name> | string] : [given: FieldsOf<Name> | string];

/**
 * Every step of a scenario as a method: the same fields, or the one obvious field alone. A step that does something resolves
 * with its answer and rejects with a `Problem`; one that expects something waits for quiet and rejects with what was found.
 */
export type StepMethods = { readonly [Name in StepName]: (...given: Given<Name>) => Promise<AnswerOf<Name>> };

export function stepMethods(stage: () => Stage, afterwards: () => void): StepMethods {
  const methods = allSteps.map(([name, step]) => [
    name,
    async (given?: unknown) => {
      const written = fieldsWritten(step, given);
      const checked = step.fields.safeParse(written?.fields);
      if (!checked.success) throw wrongFields(name, step, written?.fields, checked.error.issues);
      const answer = isAction(step) ? await done(step, stage(), checked.data) : await hold(name, step, stage(), checked.data);
      afterwards();
      return answer;
    },
  ]);
  return Object.fromEntries(methods) as StepMethods;
}

async function done(step: Action, stage: Stage, fields: Record<string, unknown>): Promise<object> {
  const answer = await step.run(stage, fields);
  const refusal = step.refusal?.(answer);
  if (refusal) throw refusal;
  return answer;
}

async function hold(name: string, { check }: Expectation, stage: Stage, fields: Record<string, unknown>): Promise<void> {
  await stage.deployment.quiet();
  const verdict = await check(stage, fields);
  if (verdict.holds) return;
  throw new ExpectationMissed(name, [`expected: ${verdict.expected}`, `found: ${verdict.found}`, ...verdict.hints.map(([label, text]) => `${label}: ${text}`)]);
}

/** What was expected of a deployment does not hold. */
export class ExpectationMissed extends Error {
  constructor(step: string, lines: readonly string[]) {
    super([`${step} does not hold`, ...lines.map((line) => `  ${line}`)].join('\n'));
    this.name = 'ExpectationMissed';
  }
}

function wrongFields(name: string, step: Step, written: unknown, issues: readonly z.core.$ZodIssue[]): Problem {
  return new Problem('wrong input', 'fields', `${name}: ${fieldMistakes(step, written, issues).join('\n')}`, `See the reference of "${name}" in docs/scenarios.md.`);
}

