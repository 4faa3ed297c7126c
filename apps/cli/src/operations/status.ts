import type { NodeState } from '@isesim/deployment';
import { nodeView } from '@isesim/scenario';
import { formatInstant, type Endpoint } from '@isesim/domain';
import * as z from 'zod';
import { operation, type Supervised } from './operation.ts';

export interface ClockState {
  /** Simulated time, ISO 8601. */
  readonly now: string;
  readonly time: string;
}

/** The fields are a fixed contract. */
export interface Status {
  readonly deployment: string;
  readonly clock: ClockState;
  readonly nats: { readonly url: string };
  readonly microsoft365: { readonly login: Endpoint; readonly smtp: Endpoint; readonly caFile: string };
  readonly nodes: readonly NodeState[];
  /** Whether the SMTP Server page is filled in; without it no mail leaves. */
  readonly smtpServer: 'configured' | 'not configured';
}

export const status = operation({ takes: z.object({}), run: statusOf });

export function statusOf(supervised: Supervised): Status {
  const { deployment, natsUrl, caFile } = supervised;
  const { login, smtp } = deployment.microsoft365;
  return {
    deployment: deployment.topology.name,
    clock: clockOf(supervised),
    nats: { url: natsUrl },
    microsoft365: { login, smtp, caFile },
    nodes: deployment.states().map(nodeView),
    smtpServer: deployment.smtpServer(),
  };
}

export function clockOf({ deployment, time }: Supervised): ClockState {
  return { now: formatInstant(deployment.now()), time };
}
