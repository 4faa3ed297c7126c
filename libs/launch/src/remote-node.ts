import { setTimeout as wait } from 'node:timers/promises';
import { JoinLink, type RemoteStart } from '@isesim/bus';
import { personas, Problem, type DeploymentNode } from '@isesim/domain';
import { startNode, type RunningNode } from '@isesim/node';
import { assumeAll } from './personas.ts';
import type { RemoteCredentials } from './remote-credentials.ts';

export interface RemoteNodeOptions {
  readonly credentials: RemoteCredentials;
  /** The node's own folder. */
  readonly folder: string;
  /** Lets it leave, in order. */
  readonly signal: AbortSignal;
  readonly onJoined: (node: DeploymentNode) => void;
  readonly onDefect: (what: string, error: unknown) => void;
}

const askAgainMs = 500;
// A deployment that is being booted answers before long.
const asksMax = 60;
const aliveEveryMs = 1_000;
const answerWithinMs = 2_000;
// Longer than a nats-server needs to be started again.
const goneAfterMs = 30_000;

/** Runs one node of a deployment that was booted elsewhere, until it is told to leave. Throws a `Problem` when it cannot join or is left alone. */
export async function runRemoteNode(options: RemoteNodeOptions): Promise<void> {
  const { credentials, folder, signal, onJoined, onDefect } = options;
  const { deployment, node: name, nats, sealingKey } = credentials;
  // Before it asks: from then on simulated time waits for it.
  const assume = await assumeAll(personas);
  const link = await JoinLink.open(nats, deployment, name);
  try {
    const start = await askToStart(link, credentials, signal);
    if (!start) return;
    const running = await startNode({ ...start, deployment, nats, sealingKey, folder }, { assume: only(assume, start.node), onDefect });
    try {
      await link.say({ kind: 'joined', incarnation: start.incarnation });
      onJoined(start.node);
      await leave(link, start, running, await untilEnd(link, start, signal));
    } catch (error) {
      await running.kill();
      throw error;
    }
  } finally {
    await link.close();
  }
}

async function askToStart(link: JoinLink, { deployment, node, nats }: RemoteCredentials, signal: AbortSignal): Promise<RemoteStart | undefined> {
  for (let asks = 0; asks < asksMax && !signal.aborted; asks += 1) {
    const start = (await link.say({ kind: 'join' }))?.start;
    if (start) return start;
    await wait(askAgainMs);
  }
  if (signal.aborted) return undefined;
  throw new Problem('could not run', 'no-deployment', `no deployment "${deployment}" answers at ${nats.url}`, `Boot it first, there or elsewhere: isesim up <topology> --remote ${node}`);
}

function only(assume: Awaited<ReturnType<typeof assumeAll>>, node: DeploymentNode): typeof assume {
  return Object.fromEntries(node.personas.map((persona) => [persona, assume[persona]]));
}

/** True when the deployment is there to be told that the node leaves. */
async function untilEnd(link: JoinLink, { incarnation }: RemoteStart, signal: AbortSignal): Promise<boolean> {
  for (let heardAt = Date.now(); !signal.aborted; await wait(aliveEveryMs, undefined, { signal }).catch(() => undefined)) {
    const answer = await link.say({ kind: 'alive', incarnation }, answerWithinMs);
    if (answer?.ends === true) return true;
    if (answer) heardAt = Date.now();
    else if (Date.now() - heardAt > goneAfterMs) return false;
  }
  return true;
}

async function leave(link: JoinLink, { node, incarnation }: RemoteStart, running: RunningNode, heard: boolean): Promise<void> {
  if (!heard) throw new Problem('could not run', 'deployment-gone', `nothing was heard of the deployment of ${node.name} for ${goneAfterMs / 1000} s`, 'Boot it again, then start this node again.');
  await running.stop();
  await link.say({ kind: 'left', incarnation }, answerWithinMs);
}
