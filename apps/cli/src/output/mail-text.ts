import type { MailRecord, Outcome } from '@isesim/domain';
import type { OutboxView } from '../operations/mail.ts';
import { formatTable } from './table.ts';
import { printable } from './terminal.ts';

export function mailsTable(mails: readonly MailRecord[]): string {
  if (mails.length === 0) return 'no mail';
  return formatTable(
    ['ID', 'ACCEPTED', 'PURPOSE', 'SENT BY', 'TO', 'SUBJECT'],
    mails.map(({ id, acceptedAtSimulated, purpose, sentBy, to, subject }) => [id, acceptedAtSimulated, purpose ?? '-', sentBy ?? '-', to.join(', '), subject]),
  );
}

/** One mail on one line, for those who watch. */
export function mailLine({ id, acceptedAtSimulated, purpose, sentBy, to, subject }: MailRecord): string {
  return oneLine(`${acceptedAtSimulated}  ${id}  ${purpose ?? '-'}  ${sentBy ?? '-'} -> ${to.join(', ')}  ${subject}`);
}

/** One mail with all that is known of it. */
export function mailText(mail: MailRecord, text: string): string {
  const { authenticatedAs, remoteAddress, ehlo, evidence } = mail;
  const fields = [
    ['Id', mail.id],
    ['Message-ID', mail.messageId],
    ['Purpose', `${mail.purpose ?? '-'} (${mail.template ?? '-'})`],
    ['Sent by', `${mail.sentBy ?? 'no node of this deployment'}, by its ${evidence === 'address' ? 'address' : 'EHLO name'} (${remoteAddress}, EHLO ${ehlo})`],
    ['Authenticated', `${authenticatedAs.clientId === null ? 'user name and password' : `client ${authenticatedAs.clientId}`}, mailbox ${authenticatedAs.mailbox}`],
    ['Accepted', `${mail.acceptedAtSimulated} simulated, ${mail.acceptedAt} real`],
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Subject', mail.subject],
  ];
  const width = Math.max(...fields.map(([name = '']) => name.length));
  const head = fields.map(([name = '', value = '']) => `${name.padEnd(width)}  ${oneLine(value)}`);
  return [...head, '', printable(text.trim())].join('\n');
}

export function outboxTable(entries: readonly OutboxView[]): string {
  if (entries.length === 0) return 'nothing waits to be sent';
  return formatTable(
    ['NOTIFICATION', 'AT', 'NODE', 'PERSONA', 'PURPOSE', 'TO', 'STATE', 'ATTEMPTS', 'LAST ATTEMPT'],
    entries.map(({ notificationId, at, node, persona, purpose, to, state, attempts, lastAttempt, waitsBecause }) => [notificationId, at, node, persona, purpose, to.join(', '), state, String(attempts ?? '-'), lastText(lastAttempt, waitsBecause)]),
  );
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
