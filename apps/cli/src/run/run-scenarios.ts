import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCredentials } from '@isesim/deployment';
import { startSharedNatsServer } from '@isesim/launch';
import type { Scenario, ScenarioResult } from '@isesim/scenario';
import { couldNotRun } from './could-not-run.ts';
import { Worker } from './worker.ts';
import type { Task } from './worker-message.ts';

export interface RunOptions {
  /** Path of nats-server. */
  readonly natsServer: string;
  readonly env: NodeJS.ProcessEnv;
  /** How many scenarios are played at a time. */
  readonly jobs: number;
  /** Instead of the scenarios' own. */
  readonly seed: number | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called in the order of the scenarios, as soon as one and all before it have ended. */
  readonly onResult: (result: ScenarioResult) => void;
  readonly onStall: (file: string, blockers: readonly string[]) => void;
}

/** Plays all scenarios, each on a deployment of its own, on one nats-server; results in their order. */
export async function runScenarios(scenarios: readonly Scenario[], options: RunOptions): Promise<ScenarioResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-run-'));
  const deployments = scenarios.map(({ topology: { nodes } }, index) => ({ name: `run-${index + 1}`, nodes, credentials: createCredentials(nodes.map(({ name }) => name)) }));
  await using server = await startSharedNatsServer({ binary: options.natsServer, folder, deployments, onLost: () => undefined });
  const tasks = scenarios.map(({ file }, index): Task => {
    const { name = '', credentials } = deployments[index] ?? {};
    if (!credentials) throw new RangeError(`no credentials for ${file}`);
    return { file, seed: options.seed, name, natsUrl: server.url, credentials, folder: join(folder, name) };
  });
  return await playAll(scenarios, tasks, options);
}

async function playAll(scenarios: readonly Scenario[], tasks: readonly Task[], options: RunOptions): Promise<ScenarioResult[]> {
  const { signal, env, timeoutMs, onStall } = options;
  const results = new InOrder(options.onResult);
  const workers = Array.from({ length: Math.min(options.jobs, tasks.length) }, () => new Worker({ env, timeoutMs, onStall }));
  const waiting = [...tasks.entries()];
  const stopped = () => void Promise.all(workers.map((worker) => worker.stop()));
  signal.addEventListener('abort', stopped, { once: true });
  const lane = async (worker: Worker) => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const [index, task] = next;
      const { file, name, seed } = scenarios[index] as Scenario;
      results.put(index, await worker.play(task, { file, name, seed: task.seed ?? seed }));
    }
    await worker.stop();
  };
  await Promise.all(workers.map(lane));
  signal.removeEventListener('abort', stopped);
  for (const [index, scenario] of scenarios.entries()) if (!results.has(index)) results.put(index, couldNotRun(scenario, new Error('interrupted'), 0));
  return results.all();
}

/** Hands results on in the order of the scenarios, whichever ends first. */
class InOrder {
  readonly #onResult: (result: ScenarioResult) => void;
  readonly #results = new Map<number, ScenarioResult>();
  #next = 0;

  constructor(onResult: (result: ScenarioResult) => void) {
    this.#onResult = onResult;
  }

  put(index: number, result: ScenarioResult): void {
    this.#results.set(index, result);
    for (let next = this.#results.get(this.#next); next; next = this.#results.get(this.#next)) {
      this.#onResult(next);
      this.#next += 1;
    }
  }

  has(index: number): boolean {
    return this.#results.has(index);
  }

  all(): ScenarioResult[] {
    return [...this.#results].sort(([one], [other]) => one - other).map(([, result]) => result);
  }
}
