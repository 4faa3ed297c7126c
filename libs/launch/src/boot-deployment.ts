import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountsConfiguration } from '@isesim/bus';
import { createCredentials, Deployment, publicKeys, type Progress } from '@isesim/deployment';
import { seal, seededRandom } from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import type { Pace } from '@isesim/clock';
import { startGuardian } from './guardian.ts';
import { inlineLauncher } from './inline-launcher.ts';
import { loopbackEvidence } from './loopback.ts';
import { keepNatsServer } from './keep-nats-server.ts';
import { processLauncher } from './process-launcher.ts';
import { systemWall } from './system-wall.ts';

export interface BootOptions {
  readonly topology: Topology;
  readonly isolation: 'process' | 'inline';
  /** Path of nats-server. */
  readonly natsServer: string;
  /** Everything that the deployment writes lies in here, and is removed when it stops. */
  readonly folder: string;
  readonly seed: number;
  readonly pace?: Pace;
  readonly onProgress?: (progress: Progress) => void;
  readonly onDefect?: (what: string, error: unknown) => void;
  /** Ends the boot: what was started is stopped again, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/** A deployment with all that it runs on. */
export interface BootedDeployment extends AsyncDisposable {
  readonly deployment: Deployment;
  readonly folder: string;
  readonly natsUrl: string;
  readonly natsPid: () => number;
  /** Roots of both of the double's chains, for any other client. */
  readonly caFile: string;
  /** Stops everything and leaves nothing. */
  stop(): Promise<void>;
}

// More starts at a time than cores only make each of them wait for the others.
const startsAtOnce = 4;

/** nats-server, the double and every node of a topology, in this order. */
export async function bootDeployment(options: BootOptions): Promise<BootedDeployment> {
  const { topology, folder, isolation, seed, signal, onDefect = throwDefect } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const guardian = startGuardian(folder);
  const credentials = createCredentials(topology.nodes.map(({ name }) => name));
  const accounts = accountsConfiguration({ deployment: topology.name, members: topology.nodes, keys: publicKeys(credentials) });
  const cleanUp = async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    await guardian.dismiss();
  };
  const onPid = (pid: number, gone: Promise<unknown>) => { guardian.watch(pid, gone); };
  const natsOptions = { binary: options.natsServer, folder: join(folder, 'nats'), accounts: [accounts], onPid };
  const nats = await keepNatsServer(natsOptions, (reason) => options.onProgress?.({ kind: 'lost', name: 'nats-server', reason })).catch(async (error: unknown) => {
    await cleanUp();
    throw error;
  });
  try {
    signal?.throwIfAborted();
    const deployment = await Deployment.boot({
      topology,
      nats: { url: nats.url },
      credentials,
      launcher: isolation === 'inline' ? inlineLauncher(onDefect) : processLauncher({ onPid }),
      folder: join(folder, 'nodes'),
      seed,
      random: seededRandom(seed, 'deployment'),
      evidence: await loopbackEvidence(),
      wall: systemWall,
      seal: (value) => seal(value, credentials.sealingKey),
      startsAtOnce,
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      ...(signal ? { signal } : {}),
    });
    if (options.pace !== undefined) deployment.pace(options.pace);
    const caFile = await writeRoots(folder, deployment).catch(async (error: unknown) => {
      await deployment.stop();
      throw error;
    });
    const stop = once(async () => {
      await deployment.stop();
      await nats.stop();
      await cleanUp();
    });
    return { deployment, folder, natsUrl: nats.url, natsPid: () => nats.pid, caFile, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await nats.stop();
    await cleanUp();
    throw error;
  }
}

async function writeRoots(folder: string, deployment: Deployment): Promise<string> {
  const path = join(folder, 'ca.pem');
  await writeFile(path, Object.values(deployment.microsoft365.roots).join('\n'));
  await chmod(path, 0o644);
  return path;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}

function throwDefect(what: string, error: unknown): void {
  throw new Error(what, { cause: error });
}
