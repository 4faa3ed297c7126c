import { bootDeployment, systemWall } from '@isesim/launch';
import { playScenario, readScenario, type ScenarioResult } from '@isesim/scenario';
import { couldNotRun } from './could-not-run.ts';
import type { Task } from './worker-message.ts';

export interface TaskOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onStall: (blockers: readonly string[]) => void;
}

/** Boots a scenario's topology, plays the scenario on it, and leaves nothing. */
export async function playTask({ file, seed, name, natsUrl, credentials, folder }: Task, { env, signal, onStall }: TaskOptions): Promise<ScenarioResult> {
  const read = await readScenario(file, env);
  const scenario = seed === undefined ? read : { ...read, seed };
  const began = systemWall.now();
  const defects: string[] = [];
  try {
    const booted = await bootDeployment({
      topology: scenario.topology,
      isolation: scenario.isolation,
      name,
      nats: { url: natsUrl, credentials, level2: true },
      folder,
      // Nodes of this process end with it, and the folder lies in one that is guarded.
      guarded: scenario.isolation === 'process',
      seed: scenario.seed,
      signal,
      onDefect: (what, error) => defects.push(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      onProgress: (progress) => {
        if (progress.kind === 'stalled') onStall(progress.blockers);
      },
    });
    try {
      return withDefects(await playScenario(scenario, booted, { env, wall: () => systemWall.now(), signal }), defects);
    } finally {
      await booted.stop();
    }
  } catch (error) {
    return couldNotRun(scenario, error, systemWall.now() - began);
  }
}

function withDefects(result: ScenarioResult, defects: readonly string[]): ScenarioResult {
  if (defects.length === 0) return result;
  return { ...result, outcome: 'error', message: `this is a defect of isesim, please report it: ${defects.join('\n')}` };
}
