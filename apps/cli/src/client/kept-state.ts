import { readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { KeptDeployment } from '@isesim/launch';
import { CommandProblem } from '../problem.ts';
import type { NatsServerAddress } from '../supervisor/nats-address.ts';
import type { Time } from '../supervisor/time.ts';
import { stateFolder } from './state-folder.ts';

/** What it takes to go on with a deployment that was stopped and kept. Lies with its folder, readable by its owner alone. */
export interface KeptState {
  readonly name: string;
  /** Of the topology that it was booted from, as `topologyDigest` gives it. */
  readonly topology: string;
  /** The start time that this topology had: many defaults count from it. */
  readonly startTime: number;
  readonly seed: number;
  readonly time: Time;
  /** Real time, ms since 1970. */
  readonly stoppedAt: number;
  /** The server of others that holds its streams; its own when left out. */
  readonly nats?: NatsServerAddress;
  readonly deployment: KeptDeployment;
}

const fileName = 'kept.json';
// No deployment has a dot in its name, so none can be called as another's kept folder.
const suffix = '.kept';

/** What is kept of the deployment whose folder is `folder` while it runs. Throws `kept-damaged` when it cannot be read any more. */
export async function readKept(folder: string): Promise<KeptState | undefined> {
  const path = join(folder + suffix, fileName);
  try {
    const state: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isKeptState(state)) return state;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CommandProblem({
    kind: 'could not run',
    code: 'kept-damaged',
    message: `${path} is damaged, so what was kept of "${basename(folder)}" cannot go on`,
    remedy: `Remove it: isesim down --deployment ${basename(folder)}`,
  });
}

/** Far enough that a file that was cut short or written by hand is told; a schema would come with all others of the domain. */
function isKeptState(value: unknown): value is KeptState {
  const { name, topology, startTime, seed, time, stoppedAt, deployment } = (value ?? {}) as Partial<Record<keyof KeptState, unknown>>;
  const { credentials, memory } = (deployment ?? {}) as Partial<Record<keyof KeptDeployment, { time?: unknown } | null>>;
  return [name, topology, time].every((each) => typeof each === 'string') && [startTime, seed, stoppedAt, memory?.time].every(Number.isFinite) && typeof credentials === 'object';
}

/** Names of all deployments that are kept here. */
export async function keptNames(env: NodeJS.ProcessEnv): Promise<string[]> {
  const entries = await readdir(stateFolder(env)).catch(() => []);
  return entries.filter((entry) => entry.endsWith(suffix)).map((entry) => entry.slice(0, -suffix.length)).sort();
}

/** Puts the folder of a deployment that has stopped aside, to go on with it later. */
export async function putAside(folder: string, state: KeptState): Promise<void> {
  await writeFile(join(folder, fileName), `${JSON.stringify(state)}\n`, { mode: 0o600 });
  await rename(folder, folder + suffix);
  // They belong to the supervisor that ends; the next one writes its own.
  for (const name of ['control.json', 'supervisor.log']) await rm(join(folder + suffix, name), { force: true });
}

/** Brings what was put aside back into `folder`, which the caller has claimed. False when another was quicker. */
export async function takeBack(folder: string): Promise<boolean> {
  const inside = join(folder, 'taken-back');
  try {
    await rename(folder + suffix, inside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  for (const entry of await readdir(inside)) await rename(join(inside, entry), join(folder, entry));
  await rmdir(inside);
  await rm(join(folder, fileName), { force: true });
  return true;
}

export async function removeKept(folder: string): Promise<void> {
  await rm(folder + suffix, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
