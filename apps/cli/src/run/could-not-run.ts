import type { Scenario, ScenarioResult } from '@isesim/scenario';

/** The result of a scenario that was not played to its end, for a reason that is not its own. */
export function couldNotRun({ file, name, seed }: Pick<Scenario, 'file' | 'name' | 'seed'>, error: unknown, wallMs: number): ScenarioResult {
  const message = error instanceof Error ? error.message : String(error);
  return { file, name, seed, outcome: 'error', steps: [], audit: null, wallMs: Math.round(wallMs), simulatedMs: 0, message };
}
