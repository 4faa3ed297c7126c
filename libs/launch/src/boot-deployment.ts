import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Deployment, type DeploymentCredentials, type Progress } from '@isesim/deployment';
import { seal, seededRandom } from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import type { Pace } from '@isesim/clock';
import { startGuardian, unguarded } from './guardian.ts';
import { inlineLauncher } from './inline-launcher.ts';
import type { KeptDeployment } from './kept-deployment.ts';
import { loopbackEvidence } from './loopback.ts';
import { natsOfOthers, type DeploymentNats, type NatsAccess } from './nats-access.ts';
import { startPrivateNats } from './private-nats.ts';
import { processLauncher } from './process-launcher.ts';
import { writeRemoteCredentials } from './remote-credentials.ts';
import { systemWall } from './system-wall.ts';

export interface BootOptions {
  readonly topology: Topology;
  readonly isolation: 'process' | 'inline';
  /** The deployment's name on the bus; the topology's when left out. Several of one topology can share a server. */
  readonly name?: string;
  /** Path of nats-server, to run one of its own; or `nats`. */
  readonly natsServer?: string;
  /** Goes on with a deployment that was kept; `folder` is the one that it had. When it does not come up it stays kept. */
  readonly kept?: KeptDeployment;
  /** The address on which the double listens; 127.0.0.1 when left out. */
  readonly listen?: string;
  /** Nodes that somebody starts elsewhere, with the address from which each connects, a loopback address when undefined. */
  readonly remote?: ReadonlyMap<string, string | undefined>;
  /** A server that others run. The deployment's streams are removed from it when the deployment stops. */
  readonly nats?: NatsAccess;
  /** Everything that the deployment writes lies in here, and is removed when it stops. */
  readonly folder: string;
  /** False when whoever boots it sees to it that nothing is left of it should this process die. */
  readonly guarded?: boolean;
  readonly seed: number;
  readonly pace?: Pace;
  /**
   * `fixed`: the same events give the same record in the same order. Default inline and where time is stepped; between processes it
   * costs a message more for each thing that happens, so in real time they go as it comes.
   */
  readonly order?: 'fixed' | 'as it comes';
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
  /** Of every agent: secret. */
  readonly credentials: DeploymentCredentials;
  /** Roots of both of the double's chains, for any other client. */
  readonly caFile: string;
  /** Stops everything and leaves nothing. */
  stop(): Promise<void>;
  /** Stops everything, leaves the folder, and the streams on a server of others, and resolves with what else it takes to go on. */
  keep(): Promise<KeptDeployment>;
}

// More starts at a time than cores only make each of them wait for the others.
const startsAtOnce = 4;

/** nats-server, the double and every node of a topology, in this order. Throws a `Problem` when one of them cannot start; nothing is left then. */
export async function bootDeployment(options: BootOptions): Promise<BootedDeployment> {
  const { folder, kept } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const guardian = options.guarded === false ? unguarded : startGuardian(folder);
  const onPid = (pid: number, gone: Promise<unknown>) => { guardian.watch(pid, gone); };
  const cleanUp = async ({ keep }: Ending) => {
    if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    await guardian.dismiss();
  };
  const afterFailure = { keep: kept !== undefined };
  let nats: DeploymentNats | undefined;
  try {
    nats = await openNats(options, onPid);
    options.signal?.throwIfAborted();
    const { deployment, caFile } = await bootOn(nats, options, onPid, afterFailure);
    return booted({ deployment, caFile, folder, nats, cleanUp });
  } catch (error) {
    await nats?.stop();
    await cleanUp(afterFailure);
    throw error;
  }
}

/** `keep`: folder and streams stay, for the deployment to go on with. */
interface Ending {
  readonly keep: boolean;
}

async function bootOn(nats: DeploymentNats, options: BootOptions, onPid: (pid: number, gone: Promise<unknown>) => void, afterFailure: Ending) {
  const { topology, folder, isolation, seed, signal, onDefect = throwDefect } = options;
  await prepareRemote(options, nats);
  const deployment = await Deployment.boot({
    topology,
    ...(options.name === undefined ? {} : { name: options.name }),
    nats,
    credentials: nats.credentials,
    launcher: isolation === 'inline' ? inlineLauncher(onDefect) : processLauncher({ onPid }),
    folder: join(folder, 'nodes'),
    seed,
    random: seededRandom(seed, 'deployment'),
    evidence: await loopbackEvidence(),
    wall: systemWall,
    seal: (value) => seal(value, nats.credentials.sealingKey),
    startsAtOnce,
    onDefect,
    ...(options.listen === undefined ? {} : { listen: options.listen }),
    ...(options.remote ? { remote: options.remote } : {}),
    ...(options.kept ? { memory: options.kept.memory } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...orderOf(options),
    ...(signal ? { signal } : {}),
  });
  if (options.pace !== undefined) deployment.pace(options.pace);
  try {
    return { deployment, caFile: await writeRoots(folder, deployment) };
  } catch (error) {
    await deployment.stop(afterFailure);
    throw error;
  }
}

interface BootedParts extends Pick<BootedDeployment, 'deployment' | 'caFile' | 'folder'> {
  readonly nats: DeploymentNats;
  readonly cleanUp: (how: Ending) => Promise<void>;
}

function booted({ deployment, caFile, folder, nats, cleanUp }: BootedParts): BootedDeployment {
  const end = once(async (how: Ending) => {
    const memory = deployment.memory();
    await deployment.stop(how).finally(() => nats.stop()).finally(() => cleanUp(how));
    return { credentials: nats.credentials, memory };
  });
  const stop = async () => { await end({ keep: false }); };
  return { deployment, folder, natsUrl: nats.url, natsPid: nats.pid, credentials: nats.credentials, caFile, stop, keep: () => end({ keep: true }), [Symbol.asyncDispose]: stop };
}

function orderOf({ order, pace = 'stepped' }: BootOptions): Pick<BootOptions, 'order'> {
  if (order) return { order };
  return pace === 'stepped' ? { order: 'fixed' } : {};
}

async function openNats({ topology, name = topology.name, natsServer, nats, kept, folder, onProgress }: BootOptions, onPid: (pid: number, gone: Promise<unknown>) => void): Promise<DeploymentNats> {
  if (nats) return natsOfOthers(nats);
  if (natsServer === undefined) throw new RangeError('neither natsServer nor nats is given');
  const onLost = (reason: string) => onProgress?.({ kind: 'lost', name: 'nats-server', reason });
  return startPrivateNats({ binary: natsServer, folder, deployment: name, nodes: topology.nodes, credentials: kept?.credentials, onPid, onLost });
}

/** Writes what each node that is started elsewhere must have, and tells where it lies and how the node is started with it. */
async function prepareRemote({ topology, name = topology.name, folder, remote, onProgress }: BootOptions, nats: NatsAccess): Promise<void> {
  for (const node of remote?.keys() ?? []) {
    const path = await writeRemoteCredentials(join(folder, 'remote'), name, node, nats);
    onProgress?.({ kind: 'notice', text: `${node} is to be started elsewhere, with a copy of ${path}: isesim node-run ${node} --nats ${nats.url} --creds ${node}.json` });
  }
}

async function writeRoots(folder: string, deployment: Deployment): Promise<string> {
  const path = join(folder, 'ca.pem');
  await writeFile(path, Object.values(deployment.microsoft365.roots).join('\n'));
  await chmod(path, 0o644);
  return path;
}

/** Whoever asks first decides how. */
function once<How, T>(run: (how: How) => Promise<T>): (how: How) => Promise<T> {
  let running: Promise<T> | undefined;
  return (how) => (running ??= run(how));
}

function throwDefect(what: string, error: unknown): void {
  throw new Error(what, { cause: error });
}
