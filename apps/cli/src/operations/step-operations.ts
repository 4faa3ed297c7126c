import { Problem, problemData, type ProblemData } from '@isesim/domain';
import { allSteps, bareRemedy, fieldsWritten, isAction, isSecretField, type Action } from '@isesim/scenario';
import * as z from 'zod';
import { flagOf, flagProblem, flagsNamed, sentence } from './flag-problem.ts';
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
  const twice = Object.keys(bare).find((field) => field in flags);
  if (argument !== undefined && twice !== undefined) throw leftOver(step, argument, twice, String(flags[twice]));
  const given = { ...bare, ...flags };
  const checked = step.fields.safeParse(given);
  if (checked.success) return checked.data;
  const { issues } = checked.error;
  const [first] = issues;
  const secret = flagOfSecret(step, String(first?.path[0]));
  if (secret !== undefined) throw new Problem('wrong input', String(first?.path[0]), `the secret of ${secret} is none`, sentence(first?.message ?? ''));
  if (first?.path.length === 0 && Object.keys(given).length === 0) throw nothingGiven(step, first.message);
  if (!(String(first?.path[0]) in bare)) throw flagProblem(issues, given);
  throw flagProblem(issues.map((issue) => ({ ...issue, message: bareRemedy(step.bare, issue) ?? issue.message })), given, step.bare?.name);
}

/** Its value is for no message. */
function flagOfSecret(step: Action, field: string): string | undefined {
  return isSecretField(step, field) ? `${flagOf(field)}-file` : undefined;
}

/** The argument stands for a field that a flag gives, too. */
function leftOver({ verb, bare }: Action, argument: string, field: string, value: string): Problem {
  return new Problem('wrong input', 'usage', `"${argument}" is left over: ${flagOf(field)} "${value}" is given, too`, `Write one of them: isesim ${verb} <${bare?.name ?? field}>, or ${flagOf(field)}.`);
}

function nothingGiven({ bare, examples }: Action, message: string): Problem {
  return new Problem('wrong input', 'usage', bare ? `<${bare.name}> is missing` : 'no flag is given', `${sentence(flagsNamed(message))}\nFor example: ${examples.join(', ')}`);
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
