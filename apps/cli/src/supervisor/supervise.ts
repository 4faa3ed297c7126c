import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pace } from '@isesim/clock';
import type { Progress } from '@isesim/deployment';
import { bootDeployment, reachNats, type BootedDeployment, type NatsAccess } from '@isesim/launch';
import { putAside, takeBack, type KeptState } from '../client/kept-state.ts';
import { readControlFile } from '../client/control-file.ts';
import { stateFolder } from '../client/state-folder.ts';
import { CommandProblem } from '../problem.ts';
import type { Supervised } from '../operations/operation.ts';
import { statusOf, type Status } from '../operations/status.ts';
import type { Down } from './calls.ts';
import { timeToGoOn, topologyDigest, type BootPlan } from './boot-plan.ts';
import { claimFolder } from './claim-folder.ts';
import { startControlServer } from './control-server.ts';
import { interrupted } from './interrupted.ts';
import { credentialsFor } from './nats-credentials.ts';
import type { Time } from './time.ts';

export interface SuperviseOptions extends BootPlan {
  /** Path of nats-server; left out where others run one. */
  readonly natsServer?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** The folder is ours, and empty but for the control file. */
  readonly onClaimed?: (folder: string) => Promise<void>;
  readonly onProgress: (progress: Progress) => void;
  readonly onReady: (status: Status) => void;
  /** What it is booted for: when that has ended, it is stopped. Ends by itself when `signal` aborts. Left out: it stays until then. */
  readonly use?: (booted: BootedDeployment, signal: AbortSignal) => Promise<void>;
  /** Ends it, also while it boots. */
  readonly signal: AbortSignal;
}

/** Boots a deployment, answers the verbs that act on it, and stops it when it is told to. Leaves nothing but what is to be kept. */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const { topology, env } = options;
  const folder = join(stateFolder(env), topology.name);
  const token = randomBytes(32).toString('base64url');
  const down = new AbortController();
  const signal = AbortSignal.any([options.signal, down.signal]);
  let how: Down = {};
  const onDown = (asked: Down) => {
    how = asked;
    down.abort();
  };
  const control = await startControlServer({ token, onDown });
  try {
    await claimFolder(folder, { name: topology.name, pid: process.pid, url: control.url, token, startedAt: new Date().toISOString() });
    try {
      await options.onClaimed?.(folder);
      if (options.kept && !(await takeBack(folder))) throw keptGone(topology.name);
      const { booted, onStall } = await bootOrKeep(options, folder, signal);
      const supervised = supervisedOf(booted, options.time, onStall);
      control.serve(supervised);
      options.onReady(statusOf(supervised));
      await (options.use?.(booted, signal) ?? aborted(signal));
      control.endCalls();
      if (how.keep === true) await keep(booted, options, folder);
      else await booted.stop();
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

/** A deployment that was kept and does not come up stays kept. */
async function bootOrKeep(options: SuperviseOptions, folder: string, signal: AbortSignal) {
  try {
    return await boot(options, folder, signal);
  } catch (error) {
    if (options.kept) await putAside(folder, options.kept);
    throw error;
  }
}

async function keep(booted: BootedDeployment, { topology, seed, time, nats }: SuperviseOptions, folder: string): Promise<void> {
  const deployment = await booted.keep();
  await putAside(folder, {
    name: topology.name,
    topology: topologyDigest(topology, deployment.credentials.sealingKey),
    startTime: topology.startTime,
    seed,
    time,
    stoppedAt: Date.now(),
    ...(nats ? { nats } : {}),
    deployment,
  });
}

function keptGone(name: string): CommandProblem {
  return new CommandProblem({ kind: 'refused', code: 'kept-gone', message: `what was kept of "${name}" has been removed meanwhile`, remedy: 'Boot it anew: isesim up.' });
}

type StallListener = (blockers: readonly string[]) => void;

async function boot(options: SuperviseOptions, folder: string, asked: AbortSignal) {
  const { topology, isolation, seed, time, natsServer, listen, kept, remote, onProgress } = options;
  const stallListeners = new Set<StallListener>();
  const booted = await bootDeployment({
    topology,
    isolation,
    seed,
    ...(natsServer === undefined ? {} : { natsServer }),
    ...(await natsAccess(options)),
    ...(kept ? { kept: goingOn(kept, time) } : {}),
    ...(listen === undefined ? {} : { listen }),
    ...(remote ? { remote } : {}),
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

/** Where others run the server: access to it, tried out. */
async function natsAccess({ topology, nats, kept, env, onProgress }: SuperviseOptions): Promise<{ nats?: NatsAccess }> {
  if (!nats) return {};
  const { name, nodes } = topology;
  const credentials = kept?.deployment.credentials ?? (await credentialsFor(env, name, nodes.map((node) => node.name)));
  return { nats: await reachNats({ ...nats, name, credentials, goesOn: kept !== undefined, onNotice: (text) => { onProgress({ kind: 'notice', text }); } }) };
}

function goingOn(kept: KeptState, time: Time): KeptState['deployment'] {
  const { credentials, memory } = kept.deployment;
  return { credentials, memory: { ...memory, time: timeToGoOn(kept, time, Date.now()) } };
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
