import type { ClockEnd, NodeBoot } from '@isesim/domain';
import { joinDeployment, type Assumes } from './join-deployment.ts';
import { openParts, type NodeParts } from './node-parts.ts';

export interface StartOptions {
  readonly assume: Assumes;
  readonly onDefect: (what: string, error: unknown) => void;
  /** Leads to the coordinator of the clock; over the bus when left out. */
  readonly clockEnd?: ClockEnd;
}

export interface RunningNode {
  /** Stops and goes on as a paused process does. For nodes that live in the caller's process. */
  freeze(): void;
  thaw(): void;
  /** Leaves in order: open connections are closed, what is owed stays owed. */
  stop(): Promise<void>;
  /** Ends as a killed process does. For nodes that live in the caller's process. */
  kill(): Promise<void>;
}

/** Builds the node's world and lets it join: clock, bus, configuration, then its personas, then what it still owes. */
export async function startNode(boot: NodeBoot, { assume, onDefect, clockEnd }: StartOptions): Promise<RunningNode> {
  const parts = await openParts(boot, { onDefect, clockEnd });
  const { clock } = parts.world;
  try {
    await admitted(parts);
    await clock.start('join', () => joinDeployment(parts, assume));
  } catch (error) {
    await leave(parts);
    throw error;
  }
  return {
    stop: async () => {
      await clock.start('leave', () => parts.mail.close());
      await leave(parts);
    },
    kill: () => leave(parts),
    freeze: () => { clock.freeze(); },
    thaw: () => { clock.thaw(); },
  };
}

/** Resolves at the first grant: the coordinator counts this node from then on. */
function admitted({ end, bus, world: { clock } }: NodeParts): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    void end.onGrant((grant) => {
      bus.learn(grant.incarnations ?? {});
      clock.obey(grant);
      resolve();
    }).then(() => { clock.hello(); }, reject);
  });
}

async function leave({ bus, world: { clock, network, store } }: NodeParts): Promise<void> {
  clock.revoke();
  network.destroyAll();
  await bus.close();
  await store.settled();
}
