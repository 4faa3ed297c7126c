import { tmpdir } from 'node:os';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { bootDeployment as boot, fetchNatsServer, findNatsServer } from '@isesim/launch';
import { parseTopology, readTopology, type Topology } from '@isesim/topology';
import { testDeployment, type TestDeployment } from './test-deployment.ts';

export interface TestBootOptions {
  /** `inline` (default): the nodes live in the test's own process; `process`: each is one of its own. */
  readonly isolation?: 'inline' | 'process';
  readonly seed?: number;
  /** Environment for `${NAME}` in the topology; the process's own when left out. */
  readonly env?: Record<string, string>;
}

/**
 * Boots a topology for a test: a file's path, or the text of one. Time is stepped: it passes by `advance` alone. Dispose of it
 * (`await using`) and nothing is left.
 */
export async function bootDeployment(topology: string, options: TestBootOptions = {}): Promise<TestDeployment> {
  const { isolation = 'inline', seed = 1 } = options;
  const defects: unknown[] = [];
  const booted = await boot({
    topology: await load(topology, options.env ?? process.env),
    isolation,
    natsServer: (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env)),
    folder: await mkdtemp(join(tmpdir(), 'isesim-')),
    seed,
    onDefect: (what, error) => defects.push(new Error(what, { cause: error })),
  });
  return testDeployment(booted, defects);
}

function load(topology: string, env: Record<string, string | undefined>): Promise<Topology> {
  return topology.includes('\n') ? Promise.resolve(parseTopology(topology, { file: 'topology', env })) : readTopology(topology, { env });
}

