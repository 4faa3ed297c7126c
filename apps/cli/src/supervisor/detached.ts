import type { Progress } from '@isesim/deployment';
import type { ProblemData } from '@isesim/domain';
import type { Status } from '../operations/status.ts';
import type { BootRequest } from './boot-plan.ts';

/** What a background supervisor is told by whoever starts it: its one message, since a command line shows in process lists. */
export interface DetachedOptions extends BootRequest {
  /** Path of nats-server; left out where others run one. */
  readonly natsServer?: string | undefined;
  /** Where its output goes until it has a folder. */
  readonly log: string;
}

/** What it says until it is ready or has failed. */
export type DetachedMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'ready'; readonly status: Status }
  | { readonly kind: 'failed'; readonly problem: ProblemData };
