import { problemData, type ProblemData } from '@isesim/domain';
import { allSteps, fieldsWritten, isAction, type Action } from '@isesim/scenario';
import * as z from 'zod';
import { flagProblem } from './flag-problem.ts';
import type { Call, Operation, Supervised } from './operation.ts';

/** What a step answers, and how a person reads it. */
export interface StepAnswer {
  readonly answer: object;
  readonly says: string;
  /** The answer says that it failed; it is shown all the same. */
  readonly problem?: ProblemData;
}

// The argument that stands for the one obvious field, and the flags.
const takes = z.looseObject({ argument: z.string().optional() });

/** Every step that has a verb, by the verb: `guest-create`. */
export const stepOperations: Readonly<Record<string, Operation>> = Object.fromEntries(
  allSteps.flatMap(([, step]) => (isAction(step) ? [[operationNameOf(step.verb), operationOf(step)]] : [])),
);

export function operationNameOf(verb: string): string {
  return verb.replaceAll(' ', '-');
}

function operationOf(step: Action): Operation<typeof takes, StepAnswer> {
  return {
    takes,
    streams: true,
    run: async (supervised, { argument, ...flags }, call) => {
      const answer = await tellingStalls(supervised, call, () => step.run(supervised, parsed(step, argument, flags)));
      const refusal = step.refusal?.(answer);
      return { answer, says: step.says(answer), ...(refusal && { problem: problemData(refusal) }) };
    },
  };
}

function parsed(step: Action, argument: string | undefined, flags: Record<string, unknown>): Record<string, unknown> {
  const bare = argument === undefined ? {} : (fieldsWritten(step, argument)?.fields ?? {});
  const given = { ...bare, ...flags };
  const checked = step.fields.safeParse(given);
  if (checked.success) return checked.data;
  const [first] = checked.error.issues;
  throw flagProblem(checked.error.issues, given, String(first?.path[0]) in bare ? step.bare?.name : undefined);
}

/** Runs `work` and tells the asker what it waits for when nothing moves. */
async function tellingStalls<T>({ onStall }: Supervised, { emit }: Call, work: () => Promise<T> | T): Promise<T> {
  const end = onStall((blockers) => {
    emit({ notice: `still waiting for ${blockers.join(', ')}` });
  });
  try {
    return await work();
  } finally {
    end();
  }
}
