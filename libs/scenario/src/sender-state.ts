import { formatInstant, rowOf, type MailEnd, type Purpose } from '@isesim/domain';
import type { OutboxEntry } from '@isesim/deployment';
import type { MailWanted } from './mail-wanted.ts';
import type { Stage } from './stage.ts';

/** What the node that should have sent a mail was doing: its duties, status, settings, what it owes and how its last mail ended. */
export async function senderState({ deployment }: Pick<Stage, 'deployment'>, wanted: MailWanted): Promise<string | undefined> {
  const name = wanted.sentBy ?? senderOf(deployment, wanted.purpose as Purpose | undefined);
  const state = deployment.states().find((each) => each.name === name);
  if (!state) return undefined;
  const entries = (await deployment.outbox()).filter(({ node }) => node === name);
  const duties = state.duties.length > 0 ? state.duties.join(' and ') : 'no duty';
  return `${state.name}: ${duties}, ${state.status}${state.reason === undefined ? '' : ` (${state.reason})`}, settings revision ${state.settingsRevision}; ${owedText(entries)}; ${lastText(entries)}`;
}

function senderOf(deployment: Stage['deployment'], purpose: Purpose | undefined): string | undefined {
  if (purpose === undefined) return undefined;
  const { sender } = rowOf(purpose);
  return sender === 'serving PSN' ? undefined : deployment.holderOf(sender);
}

function owedText(entries: readonly OutboxEntry[]): string {
  const owed = entries.filter(({ end }) => !end).map(({ notification }) => `${notification.template} to ${notification.to.join(', ')}`);
  return owed.length === 0 ? 'owes no mail' : `owes ${owed.slice(0, shownMax).join('; ')}${owed.length > shownMax ? ` and ${owed.length - shownMax} more` : ''}`;
}

// More would bury the line that matters.
const shownMax = 3;

function lastText(entries: readonly OutboxEntry[]): string {
  const last = entries.reduce<MailEnd | undefined>((latest, { end }) => (end && (!latest || end.at >= latest.at) ? end : latest), undefined);
  if (!last) return 'ended none so far';
  const why = 'reason' in last.outcome ? `: ${last.outcome.reason}` : '';
  return `its last ended ${last.end} at ${formatInstant(last.at)}${why}`;
}
