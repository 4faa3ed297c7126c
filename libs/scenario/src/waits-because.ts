import { broughtBackBy, isCutOff, type OutboxEntry } from '@isesim/deployment';
import type { Stage } from './stage.ts';

/** What keeps a mail that is owed from being tried; undefined when nothing is known to. */
export function waitsBecause(deployment: Pick<Stage['deployment'], 'states' | 'smtpServer'>, { node, persona }: Pick<OutboxEntry, 'node' | 'persona'>): string | undefined {
  const { status, reason } = deployment.states().find(({ name }) => name === node) ?? {};
  if (status === 'Disconnected' && reason !== undefined && !sendsOn(reason, persona)) return `${node} is Disconnected (${reason}), bring it back: ${broughtBackBy(node, reason)}`;
  if (deployment.smtpServer() === 'not configured') return 'the SMTP Server page is empty (isesim smtp set, test, save)';
  return undefined;
}

/** A PSN that is cut off sends what it owes; the duties of the others cannot be certain then. */
function sendsOn(reason: string, persona: OutboxEntry['persona']): boolean {
  return persona === 'psn' && isCutOff(reason);
}
