import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Problem, seal } from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import { readKept, type KeptState } from '../client/kept-state.ts';
import { stateFolder } from '../client/state-folder.ts';
import { readTopologyFile } from '../read-topology-file.ts';
import type { NatsServerAddress } from './nats-address.ts';
import { checkListen, parseRemote } from './remote-flag.ts';
import type { Time } from './time.ts';

/** What `up` was asked for; what is left out follows from what was kept, else from the defaults. */
export interface BootRequest {
  /** Path of the topology file. */
  readonly topology: string;
  readonly isolation: 'process' | 'inline';
  readonly time?: Time | undefined;
  readonly seed?: number | undefined;
  /** A server that others run. */
  readonly nats?: NatsServerAddress | undefined;
  /** Where the double listens. */
  readonly listen?: string | undefined;
  /** Nodes that are started elsewhere, as `--remote` takes them. */
  readonly remote?: string | undefined;
}

/** What is to be booted, and from where it goes on if it was kept. */
export interface BootPlan extends Omit<BootRequest, 'topology' | 'time' | 'seed' | 'remote'> {
  readonly topology: Topology;
  readonly time: Time;
  readonly seed: number;
  readonly kept?: KeptState | undefined;
  readonly remote?: ReadonlyMap<string, string | undefined> | undefined;
}

/** Reads the topology, and with it what is kept of a deployment of its name. Throws a problem when the two do not fit. */
export async function planBoot({ topology: path, time, seed, nats, remote, ...others }: BootRequest, env: NodeJS.ProcessEnv): Promise<BootPlan> {
  const topology = await readTopologyFile(path);
  if (others.listen !== undefined) checkListen(others.listen);
  const rest = { ...others, remote: remote === undefined ? undefined : parseRemote(remote, topology.nodes) };
  const kept = await readKept(join(stateFolder(env), topology.name));
  if (!kept) return { ...rest, topology, time: time ?? 'real', seed: seed ?? 1, nats };
  const goesOn = await readTopologyFile(path, kept.startTime);
  checkTopology(path, goesOn, kept);
  checkSame('--seed', seed, kept.seed, kept.name);
  checkSame('--nats', nats?.url, kept.nats?.url, kept.name);
  return { ...rest, topology: goesOn, time: time ?? kept.time, seed: kept.seed, nats: nats ?? kept.nats, kept };
}

/** Tells whether a topology is still the same, its secrets included, which the digest does not give away. */
export function topologyDigest(topology: Topology, sealingKey: string): string {
  return createHash('sha256').update(JSON.stringify(seal(topology, sealingKey))).digest('hex');
}

/**
 * Simulated time from which a kept deployment goes on. Real time has passed meanwhile; stepped time has not, and a multiple
 * goes on where it stopped.
 */
export function timeToGoOn({ deployment, stoppedAt }: Pick<KeptState, 'deployment' | 'stoppedAt'>, time: Time, now: number): number {
  const passedMs = time === 'real' ? Math.max(0, now - stoppedAt) : 0;
  return deployment.memory.time + passedMs;
}

function checkTopology(path: string, topology: Topology, kept: KeptState): void {
  if (topologyDigest(topology, kept.deployment.credentials.sealingKey) === kept.topology) return;
  throw new Problem('refused', 'topology-changed', `${path} is no longer the topology from which "${kept.name}" was booted and kept`, `Put it back as it was, with the same environment; or remove what was kept: isesim down --deployment ${kept.name}`);
}

function checkSame(flag: string, given: string | number | undefined, kept: string | number | undefined, name: string): void {
  if (given === undefined || given === kept) return;
  throw new Problem('wrong input', 'kept', `${flag} ${given} does not fit: "${name}" was kept with ${kept ?? 'a server of its own'}`, `Leave ${flag} out; or remove what was kept: isesim down --deployment ${name}`);
}
