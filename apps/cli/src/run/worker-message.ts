import type { DeploymentCredentials } from '@isesim/deployment';
import type { ScenarioResult } from '@isesim/scenario';

/** One scenario for a worker to play. Credentials go by this channel, never by argument or environment. */
export interface Task {
  readonly file: string;
  readonly seed: number | undefined;
  /** The deployment's name on the bus. */
  readonly name: string;
  readonly natsUrl: string;
  readonly credentials: DeploymentCredentials;
  /** Of this scenario alone; removed when it has ended. */
  readonly folder: string;
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'stalled'; readonly blockers: readonly string[] }
  | { readonly kind: 'played'; readonly result: ScenarioResult };

export type ToWorker = { readonly kind: 'play'; readonly task: Task } | { readonly kind: 'stop' };
