import { bootDeployment, systemWall } from '@isesim/launch';
import { playScenario, readScenario, type Scenario, type ScenarioResult } from '@isesim/scenario';
import { couldNotRun } from './could-not-run.ts';
import type { Task } from './worker-message.ts';

export interface TaskOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onStall: (blockers: readonly string[]) => void;
}

/** Boots a scenario's topology, plays the scenario on it, and leaves nothing. */
export async function playTask({ file, seed, name, natsUrl, credentials, folder }: Task, { env, signal, onStall }: TaskOptions): Promise<ScenarioResult> {
  const began = systemWall.now();
  const defects: string[] = [];
  let scenario: Pick<Scenario, 'file' | 'name' | 'seed'> = { file, name: file, seed: seed ?? 1 };
  try {
    const read = await readScenario(file, env);
    const { topology, isolation } = read;
    const played = { ...read, seed: seed ?? read.seed };
    scenario = played;
    const booted = await bootDeployment({
      topology,
      isolation,
      name,
      nats: { url: natsUrl, credentials, level2: true },
      folder,
      // Nodes of this process end with it, and the folder lies in one that is guarded.
      guarded: isolation === 'process',
      seed: played.seed,
      signal,
      onDefect: (what, error) => defects.push(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      onProgress: (progress) => {
        if (progress.kind === 'stalled') onStall(progress.blockers);
      },
    });
    try {
      return withDefects(await playScenario(played, booted, { env, wall: () => systemWall.now(), signal }), defects);
    } finally {
      await booted.stop();
    }
  } catch (error) {
    return couldNotRun(scenario, signal.aborted ? new Error('interrupted') : error, systemWall.now() - began);
  }
}

function withDefects(result: ScenarioResult, defects: readonly string[]): ScenarioResult {
  if (defects.length === 0) return result;
  return { ...result, outcome: 'error', message: `this is a defect of isesim, please report it: ${defects.join('\n')}` };
}
