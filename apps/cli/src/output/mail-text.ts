import type { MailRecord, Outcome } from '@isesim/domain';
import type { OutboxView } from '../operations/mail.ts';
import { formatTable } from './table.ts';
import { printable } from './terminal.ts';

export function mailsTable(mails: readonly MailRecord[]): string {
  if (mails.length === 0) return 'no mail';
  const table = formatTable(
    ['ID', 'ACCEPTED', 'PURPOSE', 'SENT BY', 'TO', 'SUBJECT'],
    mails.map(({ id, acceptedAtSimulated, purpose, sentBy, to, subject }) => [id, acceptedAtSimulated, purpose ?? '-', sentBy ?? '-', recipients(to), subject]),
  );
  const late = mails.filter((mail) => deliveredLater(mail) !== undefined).length;
  return late === 0 ? table : `${table}\n\ndelivered later than accepted: ${late} of ${mails.length} (isesim mail show ID says when)`;
}

// More than one or two would make each row as wide; a mail that is shown alone has them all.
const recipientsLengthMax = 60;

function recipients(to: readonly string[]): string {
  const all = to.join(', ');
  return all.length <= recipientsLengthMax || to.length < 2 ? all : `${to[0] ?? ''}, +${to.length - 1}`;
}

/** Of mail beyond what Exchange Online delivers for one mailbox in a minute. */
function deliveredLater({ acceptedAtSimulated, deliveredAtSimulated }: MailRecord): string | undefined {
  return deliveredAtSimulated === acceptedAtSimulated ? undefined : deliveredAtSimulated;
}

/** One mail on one line, for those who watch. */
export function mailLine({ id, acceptedAtSimulated, purpose, sentBy, to, subject }: MailRecord): string {
  return oneLine(`${acceptedAtSimulated}  ${id}  ${purpose ?? '-'}  ${sentBy ?? '-'} -> ${recipients(to)}  ${subject}`);
}

/** One mail with all that is known of it. */
export function mailText(mail: MailRecord, text: string): string {
  const { authenticatedAs, remoteAddress, ehlo, evidence } = mail;
  const delivered = deliveredLater(mail);
  const fields = [
    ['Id', mail.id],
    ['Message-ID', mail.messageId],
    ['Purpose', `${mail.purpose ?? '-'} (${mail.template ?? '-'})`],
    ['Sent by', `${mail.sentBy ?? 'no node of this deployment'}, by its ${evidence === 'address' ? 'address' : 'EHLO name'} (${remoteAddress}, EHLO ${ehlo})`],
    ['Authenticated', `${authenticatedAs.clientId === null ? 'user name and password' : `client ${authenticatedAs.clientId}`}, mailbox ${authenticatedAs.mailbox}`],
    ['Accepted', `${mail.acceptedAtSimulated} simulated, ${mail.acceptedAt} real`],
    ...(delivered === undefined ? [] : [['Delivered', `${delivered} simulated: the mailbox had sent as much as is delivered in a minute`]]),
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Subject', mail.subject],
  ];
  const width = Math.max(...fields.map(([name = '']) => name.length));
  const head = fields.map(([name = '', value = '']) => `${name.padEnd(width)}  ${oneLine(value)}`);
  return [...head, '', printable(text.trim())].join('\n');
}

/** `neverSent`: how many more mails the nodes have given up, which are not among the entries. */
export function outboxTable(entries: readonly OutboxView[], neverSent = 0): string {
  const hint = neverSent === 0 ? '' : `refused for good or given up: ${neverSent} (isesim mail outbox --all)`;
  if (entries.length === 0) return hint === '' ? 'nothing waits to be sent' : `nothing waits to be sent\n${hint}`;
  const table = formatTable(
    ['NOTIFICATION', 'AT', 'NODE', 'PERSONA', 'PURPOSE', 'TO', 'STATE', 'ATTEMPTS', 'LAST ATTEMPT'],
    entries.map(({ notificationId, at, node, persona, purpose, to, state, attempts, lastAttempt, waitsBecause }) => [notificationId, at, node, persona, purpose, recipients(to), state, String(attempts ?? '-'), lastText(lastAttempt, waitsBecause)]),
  );
  return hint === '' ? table : `${table}\n\n${hint}`;
}

/** What keeps a mail from being tried is more than how it ended before. */
function lastText(lastAttempt: OutboxView['lastAttempt'], waitsBecause: string | undefined): string {
  if (waitsBecause !== undefined) return `waits: ${waitsBecause}`;
  return lastAttempt ? shortened(oneLine(outcomeText(lastAttempt.outcome))) : '-';
}

function outcomeText(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return `${outcome.kind}: ${outcome.reply.code} ${outcome.reply.text}`;
  return `${outcome.kind}${'stage' in outcome ? ` at ${outcome.stage}` : ''}: ${outcome.reason}`;
}

// A reply can have a paragraph; --json has all of it.
const outcomeLengthMax = 80;

function shortened(text: string): string {
  return text.length > outcomeLengthMax ? `${text.slice(0, outcomeLengthMax)}…` : text;
}

function oneLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ');
}
