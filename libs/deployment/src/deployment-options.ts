import type { CoordinatorOptions, Wall } from '@isesim/clock';
import type { DeploymentNode, Microsoft365Ready, NatsLogin, NodeStatus, Random } from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import type { DeploymentCredentials } from './keys.ts';
import type { Launcher } from './launcher.ts';
import type { Memory } from './memory.ts';

export interface DeploymentOptions {
  readonly topology: Topology;
  /** Its name on the bus; the topology's when left out. */
  readonly name?: string;
  readonly nats: DeploymentNats;
  readonly credentials: DeploymentCredentials;
  readonly launcher: Launcher;
  /** Holds a folder per node. */
  readonly folder: string;
  readonly seed: number;
  readonly random: Random;
  readonly evidence: 'address' | 'ehlo';
  readonly wall: Wall;
  /** Whether what happens at one instant has a fixed order; by default where everything lives in this process, since it is cheap there. */
  readonly order?: CoordinatorOptions['order'];
  /** Turns secrets into what may travel in a boot file. */
  readonly seal: (value: unknown) => unknown;
  /** The address on which the double listens. */
  readonly listen?: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Told of a failure that is ours, in work that nobody awaits. */
  readonly onDefect: (what: string, error: unknown) => void;
  /** How many nodes are started at a time; processes compete for cores. */
  readonly startsAtOnce?: number;
  /** Nodes that somebody starts elsewhere, with the address from which each connects, its loopback address when undefined. */
  readonly remote?: ReadonlyMap<string, string | undefined>;
  /** Given when it was kept and goes on: with what its folder and its streams hold. */
  readonly memory?: Memory;
  /** Ends the boot: what was started is stopped again, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface DeploymentNats {
  readonly url: string;
  /** The server lives on after the deployment, so its streams are removed at the end. */
  readonly livesOn?: boolean;
  /** For a server that does not know the credentials' keys. */
  readonly login?: NatsLogin | undefined;
}

export type Progress =
  | { readonly kind: 'nats'; readonly url: string }
  | { readonly kind: 'microsoft365'; readonly ready: Microsoft365Ready }
  | { readonly kind: 'node'; readonly node: DeploymentNode; readonly status: NodeStatus }
  | { readonly kind: 'lost'; readonly name: string; readonly reason: string }
  /** What whoever boots it should know and can live with. */
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'stalled'; readonly blockers: readonly string[] };
