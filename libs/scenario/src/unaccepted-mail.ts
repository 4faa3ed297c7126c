import type { AttemptsAt, OutboxEntry } from '@isesim/deployment';
import { formatInstant, knownFailureOf, type Instant, type Outcome } from '@isesim/domain';
import type { MailWanted } from './mail-wanted.ts';
import type { Stage } from './stage.ts';
import { waitsBecause } from './waits-because.ts';

// A reply of Exchange Online can be a paragraph; its codes stand first.
const reasonLengthMax = 120;

// More would bury the line that matters.
const shownMax = 3;

/** What the outboxes have of the mail that was wanted, owed or ended without acceptance: a line each, the latest first. */
export async function unacceptedMail({ deployment }: Pick<Stage, 'deployment'>, wanted: MailWanted): Promise<string[]> {
  const found = (await deployment.outbox()).filter((entry) => entry.end?.end !== 'accepted' && wouldFit(entry, wanted)).reverse();
  const shown = found.slice(0, shownMax);
  const attempts = await deployment.attempts([...new Set(shown.filter(({ end }) => !end).map(({ node }) => node))]);
  const lines = shown.map((entry) => entryText(entry, attempts.find(({ node, notificationId }) => node === entry.node && notificationId === entry.notification.id), deployment));
  return found.length > shown.length ? [...lines, `and ${found.length - shown.length} more: isesim mail outbox --all`] : lines;
}

/** As far as can be told before a mail is composed: neither its From nor its subject can. */
function wouldFit({ node, notification }: OutboxEntry, { sentBy, to, purpose, template, contains }: MailWanted): boolean {
  return (
    [sentBy ?? node, purpose ?? notification.purpose, template ?? notification.template].join() === [node, notification.purpose, notification.template].join() &&
    (to === undefined || notification.to.includes(to)) &&
    (contains === undefined || Object.values(notification.data).some((text) => text.includes(contains)))
  );
}

function entryText(entry: OutboxEntry, soFar: AttemptsAt | undefined, deployment: Stage['deployment']): string {
  const { node, notification: { template, to }, end } = entry;
  const mail = `${template} to ${to.join(', ')}`;
  if (end) return `${node} ${end.end === 'refused' ? 'tried' : 'gave up'} ${mail}: ${endText(end)}`;
  if (soFar) return `${node} owes ${mail}: ${soFar.count} ${soFar.count === 1 ? 'attempt' : 'attempts'} so far, the last ${endText(soFar)}`;
  return `${node} owes ${mail}: ${waitsBecause(deployment, entry) ?? 'no attempt has ended yet'}`;
}

function endText({ at, outcome }: { readonly at: Instant; readonly outcome: Outcome }): string {
  const stage = 'stage' in outcome ? ` at ${outcome.stage}` : '';
  const reason = 'reason' in outcome ? `: ${shortened(outcome.reason.replaceAll(/\s+/g, ' ').trim())}` : '';
  return `${outcome.kind}${stage} at ${formatInstant(at)}${reason}${meaningText(outcome)}`;
}

function shortened(text: string): string {
  return text.length > reasonLengthMax ? `${text.slice(0, reasonLengthMax)}…` : text;
}

function meaningText(outcome: Outcome): string {
  const sign = signOf(outcome);
  return sign === undefined || !knownFailureOf(outcome) ? '' : `. What that means: isesim explain ${sign}`;
}

/** What `isesim explain` knows it by. */
function signOf(outcome: Outcome): string | undefined {
  if (!('stage' in outcome)) return undefined;
  const { reply, code } = outcome;
  if (!reply) return code;
  return reply.enhanced === undefined ? String(reply.code) : `"${reply.code} ${reply.enhanced}"`;
}
