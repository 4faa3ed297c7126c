import { systemWall } from '@isesim/launch';
import { playScenario, type Scenario, type ScenarioResult } from '@isesim/scenario';
import { checkFree } from '../supervisor/before-boot.ts';
import { supervise } from '../supervisor/supervise.ts';
import { note } from '../output/terminal.ts';
import { couldNotRun } from './could-not-run.ts';

export interface KeepingOptions {
  /** Path of nats-server. */
  readonly natsServer: string;
  readonly env: NodeJS.ProcessEnv;
  readonly seed: number | undefined;
  readonly signal: AbortSignal;
  readonly onResult: (result: ScenarioResult) => void;
}

/** Plays scenarios one after another; the deployment of the first that does not pass stays up, for the verbs, until it is stopped. */
export async function runKeeping(scenarios: readonly Scenario[], options: KeepingOptions): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const read of scenarios) {
    if (options.signal.aborted || results.some(({ outcome }) => outcome !== 'passed')) break;
    const scenario = options.seed === undefined ? read : { ...read, seed: options.seed };
    results.push(await playAndKeep(scenario, options).catch((error: unknown) => {
      const failed = couldNotRun(scenario, error, 0);
      options.onResult(failed);
      return failed;
    }));
  }
  return results;
}

async function playAndKeep(scenario: Scenario, { natsServer, env, signal, onResult }: KeepingOptions): Promise<ScenarioResult> {
  const { topology, isolation, seed } = scenario;
  await checkFree(topology.name);
  let result: ScenarioResult | undefined;
  await supervise({
    topology,
    isolation,
    seed,
    time: 'stepped',
    natsServer,
    env,
    signal,
    onProgress: () => undefined,
    onReady: () => undefined,
    use: async (booted, ending) => {
      result = await playScenario(scenario, booted, { env, wall: () => systemWall.now(), signal: ending });
      onResult(result);
      if (result.outcome === 'passed' || ending.aborted) return;
      note(`the deployment "${topology.name}" stays up: isesim status --deployment ${topology.name}; Ctrl-C or "isesim down" ends it`);
      await new Promise<void>((resolve) => { ending.addEventListener('abort', () => { resolve(); }, { once: true }); });
    },
  });
  return result ?? couldNotRun(scenario, new Error('interrupted'), 0);
}
