import { formatDuration, Problem, type ProblemData, problemData } from '@isesim/domain';
import { fieldMistakes } from './field-mistakes.ts';
import { fillIn, type Names } from './names.ts';
import type { ScenarioStep } from './scenario.ts';
import type { Stage } from './stage.ts';
import type { Action, Expectation, Miss, Step, Verdict } from './step.ts';
import { stepNamed } from './steps.ts';

/** How a step ended: `message` says why when it did not pass, `named` what a name given with `as` stands for. */
export interface Played {
  readonly outcome: 'passed' | 'failed' | 'error';
  readonly message: string;
  readonly named?: Readonly<Record<string, unknown>>;
}

/** Fills in the names, does the step or looks whether it holds, and judges what came of it. */
export async function playStep(scenarioStep: ScenarioStep, stage: Stage, names: Names): Promise<Played> {
  const { step: name, expectError } = scenarioStep;
  const step = stepNamed(name);
  if (!step) throw new RangeError(`no step ${name}`);
  try {
    const fields = await fieldsOf(step, scenarioStep, names);
    const played = step.kind === 'action' ? await act(step, stage, fields, scenarioStep) : await judge(step, stage, fields, scenarioStep);
    return expectError === undefined ? played : withExpectedError(expectError, played);
  } catch (error) {
    const problem = problemData(error);
    if (problem.code === 'defect') return { outcome: 'error', message: defectText(error) };
    const failed: Played = { outcome: 'failed', message: problemText(problem) };
    return expectError === undefined ? failed : withExpectedError(expectError, failed);
  }
}

async function fieldsOf(step: Step, { fields }: ScenarioStep, names: Names): Promise<Record<string, unknown>> {
  const filled = withGuestNamed(await fillIn(fields, names), names);
  const parsed = step.fields.safeParse(filled);
  if (parsed.success) return parsed.data;
  throw new Problem('wrong input', 'fields', fieldMistakes(step, filled, parsed.error.issues).join('\n'), 'Look at what the names in this step stand for.');
}

/** A guest can be called as before: `guest: ana` is `guest: ${ana.id}`. */
function withGuestNamed(fields: Readonly<Record<string, unknown>>, names: Names): Readonly<Record<string, unknown>> {
  const { guest } = fields;
  const named = typeof guest === 'string' && Object.hasOwn(names, guest) ? (names[guest] as { readonly id?: unknown }) : undefined;
  return typeof named?.id === 'string' ? { ...fields, guest: named.id } : fields;
}

async function act(step: Action, stage: Stage, fields: Record<string, unknown>, { within }: ScenarioStep): Promise<Played> {
  const began = stage.deployment.now();
  const answer = await step.run(stage, fields);
  const refusal = step.refusal?.(answer);
  if (refusal) throw refusal;
  const took = stage.deployment.now() - began;
  if (within !== undefined && took > within) return { outcome: 'failed', message: `it took ${formatDuration(took)} of simulated time, more than ${formatDuration(within)}` };
  const named = step.named?.(answer);
  return { outcome: 'passed', message: '', ...(named && { named }) };
}

async function judge(step: Expectation, stage: Stage, fields: Record<string, unknown>, { within = 0 }: ScenarioStep): Promise<Played> {
  const verdict = await verdictWithin(step, stage, fields, within);
  return verdict.holds ? { outcome: 'passed', message: '' } : { outcome: 'failed', message: missText(verdict) };
}

/** Looks when all that was done has had its effect, and with `within` again whenever something has fallen due, until it holds. */
async function verdictWithin({ lasting = false, check }: Expectation, { deployment, ...rest }: Stage, fields: Record<string, unknown>, within: number): Promise<Verdict> {
  const stage = { deployment, ...rest };
  const until = deployment.now() + within;
  await deployment.quiet();
  if (lasting && within > 0) await deployment.advance(until);
  for (;;) {
    const verdict = await check(stage, fields);
    if (verdict.holds || lasting) return verdict;
    const due = await deployment.nextDue();
    if (due === undefined || due > until) return verdict;
    await deployment.advance(due);
  }
}

/** As a person reads it: a label and a text a line. */
function missText({ expected, found, hints }: Miss): string {
  return [['expected', expected], ['found', found], ...hints].map(([label = '', text = '']) => `${label.padEnd(labelWidth)}  ${text}`).join('\n');
}

export const labelWidth = 'expected'.length;

function withExpectedError(expected: string, { outcome, message }: Played): Played {
  if (outcome === 'passed') return { outcome: 'failed', message: `an error with "${expected}" was expected, but it went well` };
  if (outcome === 'failed' && message.includes(expected)) return { outcome: 'passed', message: '' };
  return { outcome, message: `an error with "${expected}" was expected, but it was:\n${message}` };
}

function problemText({ code, message, remedy }: ProblemData): string {
  return `${message} (${code})\n${remedy}`;
}

function defectText(error: unknown): string {
  return `this is a defect of isesim, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
