import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pace } from '@isesim/clock';
import type { Progress } from '@isesim/deployment';
import { bootDeployment, type BootedDeployment } from '@isesim/launch';
import type { Topology } from '@isesim/topology';
import { readControlFile } from '../client/control-file.ts';
import { stateFolder } from '../client/state-folder.ts';
import type { Supervised } from '../operations/operation.ts';
import { statusOf, type Status } from '../operations/status.ts';
import { claimFolder } from './claim-folder.ts';
import { startControlServer } from './control-server.ts';
import { interrupted } from './interrupted.ts';
import type { Time } from './time.ts';

export interface SuperviseOptions {
  readonly topology: Topology;
  readonly isolation: 'process' | 'inline';
  readonly time: Time;
  readonly seed: number;
  /** Path of nats-server. */
  readonly natsServer: string;
  readonly env: NodeJS.ProcessEnv;
  /** The folder is ours, and empty but for the control file. */
  readonly onClaimed?: (folder: string) => Promise<void>;
  readonly onProgress: (progress: Progress) => void;
  readonly onReady: (status: Status) => void;
  /** Ends it, also while it boots. */
  readonly signal: AbortSignal;
}

/** Boots a deployment, answers the verbs that act on it, and stops it when it is told to. Leaves nothing, in any case. */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const { topology, env } = options;
  const folder = join(stateFolder(env), topology.name);
  const token = randomBytes(32).toString('base64url');
  const down = new AbortController();
  const signal = AbortSignal.any([options.signal, down.signal]);
  const control = await startControlServer({ token, onDown: () => { down.abort(); } });
  try {
    await claimFolder(folder, { name: topology.name, pid: process.pid, url: control.url, token, startedAt: new Date().toISOString() });
    try {
      await options.onClaimed?.(folder);
      const { booted, onStall } = await boot(options, folder, signal);
      const supervised = supervisedOf(booted, options.time, onStall);
      control.serve(supervised);
      options.onReady(statusOf(supervised));
      await aborted(signal);
      control.endCalls();
      await booted.stop();
    } finally {
      control.endCalls();
      await removeIfOurs(folder, token);
    }
  } finally {
    await control.close();
  }
}

/** A deployment removes its folder when it stops, and by then another supervisor may have claimed the name anew. */
async function removeIfOurs(folder: string, token: string): Promise<void> {
  if ((await readControlFile(folder))?.token === token) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

type StallListener = (blockers: readonly string[]) => void;

async function boot({ topology, isolation, seed, time, natsServer, onProgress }: SuperviseOptions, folder: string, asked: AbortSignal) {
  const stallListeners = new Set<StallListener>();
  const booted = await bootDeployment({
    topology,
    isolation,
    seed,
    natsServer,
    folder,
    pace: paceOf(time),
    signal: interruptedBy(asked),
    onProgress: (progress) => {
      if (progress.kind === 'stalled') for (const listener of stallListeners) listener(progress.blockers);
      onProgress(progress);
    },
    onDefect: (what, error) => {
      process.stderr.write(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    },
  });
  const onStall = (listener: StallListener) => {
    stallListeners.add(listener);
    return () => { stallListeners.delete(listener); };
  };
  return { booted, onStall };
}

function supervisedOf({ deployment, natsUrl, caFile, folder }: BootedDeployment, time: Time, onStall: Supervised['onStall']): Supervised {
  return { deployment, natsUrl, caFile, folder, time, onStall };
}

function paceOf(time: Time): Pace {
  if (time === 'stepped') return 'stepped';
  return { factor: time === 'real' ? 1 : Number(time.slice(0, -1)) };
}

/** The same signal with a reason that a user can read. */
function interruptedBy(signal: AbortSignal): AbortSignal {
  const interruption = new AbortController();
  const abort = () => { interruption.abort(interrupted()); };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return interruption.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => { signal.addEventListener('abort', () => { resolve(); }, { once: true }); });
}
