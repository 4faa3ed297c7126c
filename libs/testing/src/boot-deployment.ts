import { tmpdir } from 'node:os';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { bootDeployment as boot, fetchNatsServer, findNatsServer } from '@isesim/launch';
import { parseTopology, readTopology, type Topology } from '@isesim/topology';
import { signalOfTest } from './signal-of-test.ts';
import { stopWhenOver } from './stop-when-over.ts';
import { testDeployment, type TestDeployment } from './test-deployment.ts';

export interface TestBootOptions {
  /** `inline` (default): the nodes live in the test's own process; `process`: each is one of its own. */
  readonly isolation?: 'inline' | 'process';
  readonly seed?: number;
  /** `fixed` (default inline): the same events give the same record in the same order. */
  readonly order?: 'fixed' | 'as it comes';
  /** Environment for `${NAME}` in the topology; the process's own when left out. */
  readonly env?: Record<string, string>;
  /** Stops it, or ends its boot. In a vitest test that runs alone, the signal of the test when left out. */
  readonly signal?: AbortSignal;
}

/**
 * Boots a topology for a test: a file's path, or the text of one. Time is stepped: it passes by `advance` alone. Dispose of it
 * (`await using`) and nothing is left; nor is it when the test cannot: at its time limit, or when its process is killed.
 */
export async function bootDeployment(topology: string, options: TestBootOptions = {}): Promise<TestDeployment> {
  const { isolation = 'inline', seed = 1, env = process.env, signal = await signalOfTest() } = options;
  const defects: unknown[] = [];
  const checked = await load(topology, env);
  const natsServer = (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env));
  const booted = await stopWhenOver(signal, async (over) =>
    boot({
      topology: checked,
      isolation,
      natsServer,
      folder: await mkdtemp(join(tmpdir(), 'isesim-')),
      seed,
      ...(options.order ? { order: options.order } : {}),
      signal: over,
      onDefect: (what, error) => defects.push(new Error(what, { cause: error })),
    }),
  );
  return testDeployment(booted, defects);
}

function load(topology: string, env: Record<string, string | undefined>): Promise<Topology> {
  return topology.includes('\n') ? Promise.resolve(parseTopology(topology, { file: 'topology', env })) : readTopology(topology, { env });
}
