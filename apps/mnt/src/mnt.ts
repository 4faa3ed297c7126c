import type { IseNode } from '@isesim/node';
import { mailAlarms } from './alarms.ts';

/** The Monitoring persona: collects the alarms of the whole deployment; the active one mails them. */
export async function assumeMonitoring(node: IseNode): Promise<void> {
  await mailAlarms(node);
}
