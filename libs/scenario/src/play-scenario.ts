import { formatInstant, type Audit } from '@isesim/domain';
import type { Environment } from '@isesim/topology/yaml';
import { guestPassword } from './guest-password.ts';
import type { Names } from './names.ts';
import { labelWidth, playStep, type Played } from './play-step.ts';
import type { Scenario, ScenarioStep } from './scenario.ts';
import type { Stage } from './stage.ts';

export interface StepResult {
  readonly step: string;
  readonly line: number;
  /** `skipped`: one before it did not pass. */
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped';
  /** Why it did not pass; empty otherwise. */
  readonly message: string;
}

/** The fields are a fixed contract. */
export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  readonly seed: number;
  readonly outcome: 'passed' | 'failed' | 'error';
  readonly steps: readonly StepResult[];
  /** Every mail judged against the node table and the duty history; null when nothing could be judged. */
  readonly audit: Audit | null;
  readonly wallMs: number;
  readonly simulatedMs: number;
  /** Simulated instant at which it ended. */
  readonly endedAt?: string;
  /** Why there are no results of steps: it could not be booted, say. */
  readonly message?: string;
}

export interface PlayOptions {
  readonly env: Environment;
  /** Real time, in milliseconds. */
  readonly wall: () => number;
  /** Ends it: what is not played yet is skipped. */
  readonly signal?: AbortSignal;
}

/** Plays the steps on a booted deployment, up to the first that does not pass, and judges all mail. */
export async function playScenario(scenario: Scenario, stage: Stage, { env, wall, signal }: PlayOptions): Promise<ScenarioResult> {
  const began = { wall: wall(), simulated: stage.deployment.now() };
  const names: Record<string, unknown> = { env, tenant: scenario.topology.microsoft365 };
  const steps: StepResult[] = [];
  for (const each of scenario.steps) {
    const isOver = signal?.aborted === true || steps.some(({ outcome }) => outcome !== 'passed');
    steps.push(isOver ? resultOf(each, { outcome: 'skipped', message: '' }) : await play(each, scenario, stage, names));
  }
  const audit = await auditOf(stage);
  const has = (ended: StepResult['outcome']) => steps.some(({ outcome }) => outcome === ended);
  const isInterrupted = has('skipped') && !has('failed') && !has('error');
  const outcome = has('error') || isInterrupted ? 'error' : has('failed') || audit.findings.length > 0 ? 'failed' : 'passed';
  const { file, name, seed } = scenario;
  const now = stage.deployment.now();
  return { file, name, seed, outcome, steps, audit, wallMs: Math.round(wall() - began.wall), simulatedMs: now - began.simulated, endedAt: formatInstant(now), ...(isInterrupted && { message: 'interrupted' }) };
}

async function play(step: ScenarioStep, scenario: Scenario, stage: Stage, names: Record<string, unknown>): Promise<StepResult> {
  const played = await playStep(step, stage, { ...names, ...step.variables } satisfies Names);
  if (step.as !== undefined && played.named) names[step.as] = named(played.named, stage);
  const message = played.outcome === 'passed' ? '' : `${played.message}\n${'replay'.padEnd(labelWidth)}  isesim run ${scenario.file} --seed ${scenario.seed}`;
  return resultOf(step, { ...played, message });
}

function resultOf({ step, line }: ScenarioStep, { outcome, message }: Pick<StepResult, 'outcome' | 'message'>): StepResult {
  return { step, line, outcome, message };
}

/** A guest's password is what the mail says, as for the guest. */
function named(value: NonNullable<Played['named']>, stage: Stage): Record<string, unknown> {
  return typeof value['username'] === 'string' && typeof value['email'] === 'string' ? { ...value, password: () => guestPassword(stage, String(value['email'])) } : { ...value };
}

async function auditOf({ deployment }: Stage): Promise<Audit> {
  await deployment.quiet();
  return deployment.audit();
}
