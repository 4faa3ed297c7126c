import type { Deployment } from '@isesim/deployment';

/** What steps need of a deployment. */
export type StageDeployment = Pick<
  Deployment,
  | 'topology'
  | 'nodes'
  | 'mails'
  | 'history'
  | 'microsoft365'
  | 'states'
  | 'holderOf'
  | 'ask'
  | 'now'
  | 'advance'
  | 'quiet'
  | 'nextDue'
  | 'kill'
  | 'start'
  | 'restart'
  | 'pause'
  | 'promote'
  | 'heal'
  | 'addFault'
  | 'faults'
  | 'isolate'
  | 'settings'
  | 'smtpServer'
  | 'alarms'
  | 'outbox'
  | 'attempts'
  | 'audit'
  | 'm365'
>;

/** Where steps happen. */
export interface Stage {
  readonly deployment: StageDeployment;
  /** Holds all that the deployment writes. */
  readonly folder: string;
}
