import { createHash } from 'node:crypto';
import {
  formatInstant,
  type AcceptedMail,
  type Clock,
  type DeploymentNode,
  type Instant,
  type MailRecord,
  type Random,
} from '@isesim/domain';
import { findMailbox } from '../tenant/find.ts';
import { hasFullAccess, maySendAs } from '../tenant/permissions.ts';
import type { TenantState } from '../tenant/tenant-state.ts';
import { IdTaken, type Arrivals } from './arrivals.ts';
import type { Submitter } from './authenticate.ts';
import { senderOf, type Evidence } from './evidence.ts';
import type { MailboxUses } from './mailbox-use.ts';
import { readHead, sourceText, type MessageHead } from './message.ts';
import type { ReplyValues, Situation } from './replies.ts';

/** One message, complete up to its final dot. */
export interface Submission {
  readonly submitter: Submitter;
  readonly evidence: Evidence;
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  /** When MAIL FROM came. */
  readonly begun: Instant;
  readonly message: Buffer;
}

export interface SubmissionWorld {
  readonly tenant: TenantState;
  readonly nodes: readonly DeploymentNode[];
  readonly evidence: 'address' | 'ehlo';
  readonly clock: Clock;
  readonly random: Random;
  readonly wallClock: () => Date;
  /** May throw `IdTaken`: then the mail is tried under the next id. */
  readonly record: (mail: AcceptedMail) => Promise<void>;
  readonly arrivals: Arrivals;
  readonly mailboxes: MailboxUses;
}

export interface SubmissionEnd {
  readonly situation: Situation;
  readonly values?: ReplyValues;
}

/** Judges a message at the end of DATA, in Exchange's order, and accepts it only once it is recorded. */
export async function submit(submission: Submission, world: SubmissionWorld): Promise<SubmissionEnd> {
  const { submitter, mailFrom, message } = submission;
  const tenant = world.tenant.propagated;
  const { mailbox, servicePrincipal } = submitter;
  if (servicePrincipal && !hasFullAccess(tenant, mailbox, servicePrincipal)) return { situation: 'mailbox logon failure' };
  const head = await readHead(message);
  if (!head) return { situation: 'content corrupt' };
  return judgeSender(submission, [mailFrom, ...head.from], world) ?? judgeMailbox(submission, world) ?? accept(submission, head, world);
}

/** From and MAIL FROM must be the mailbox's own, or those of others who allow it; too many errors of that kind end all sending. */
function judgeSender({ submitter }: Submission, senders: readonly string[], { tenant, clock, mailboxes }: SubmissionWorld): SubmissionEnd | undefined {
  const { mailbox, servicePrincipal } = submitter;
  const denials = mailboxes.of(mailbox).sendAsDenials;
  if (denials.upTo(clock.now()) >= (tenant.current.limits?.sendAsDenials ?? Infinity)) return { situation: 'too many send as denials' };
  const foreign = senders.find((each) => !maySendAs(tenant.propagated, mailbox, servicePrincipal, each));
  if (foreign === undefined) return undefined;
  denials.add(1, clock.now());
  return { situation: 'send as denied', values: { mailbox, from: foreign.slice(0, 254) } };
}

function judgeMailbox({ submitter, recipients }: Submission, { tenant, clock, mailboxes }: SubmissionWorld): SubmissionEnd | undefined {
  const condition = findMailbox(tenant.propagated, submitter.mailbox)?.condition;
  if (condition === 'blocked-sender') return { situation: 'sender blocked' };
  if (condition === 'full') return { situation: 'mailbox full' };
  const told = mailboxes.of(submitter.mailbox).recipients.upTo(clock.now()) + recipients.length;
  return told > (tenant.current.limits?.recipientsPerDay ?? Infinity) ? { situation: 'recipient quota exceeded' } : undefined;
}

async function accept(submission: Submission, head: MessageHead, world: SubmissionWorld): Promise<SubmissionEnd> {
  const messageId = head.messageId ?? ownMessageId(submission, world);
  const place = takePlace(submission, world);
  for (;;) {
    const id = world.arrivals.take(messageId);
    const record = recordOf(submission, head, { id, messageId }, place.deliveredAt, world);
    try {
      await world.record({ record, source: sourceText(submission.message) });
      return { situation: 'accepted', values: { messageId } };
    } catch (error) {
      if (error instanceof IdTaken) continue;
      world.arrivals.release(id);
      place.release();
      return { situation: 'not recorded' };
    }
  }
}

/** Counts the mail against the limits of its mailbox before it is recorded: meanwhile others come. */
function takePlace({ submitter, recipients }: Submission, { tenant, clock, mailboxes }: SubmissionWorld): { deliveredAt: Instant; release: () => void } {
  const now = clock.now();
  const { recipientsPerDay, messagesPerMinute } = tenant.current.limits ?? {};
  const use = mailboxes.of(submitter.mailbox);
  if (recipientsPerDay !== undefined) use.recipients.add(recipients.length, now);
  const deliveredAt = messagesPerMinute === undefined ? now : use.deliveries.place(now, messagesPerMinute);
  const release = () => {
    if (recipientsPerDay !== undefined) use.recipients.add(-recipients.length, clock.now());
    use.deliveries.release(deliveredAt);
  };
  return { deliveredAt, release };
}

function recordOf(
  { submitter, evidence, mailFrom, recipients, begun }: Submission,
  { from, subject, claims }: MessageHead,
  ids: Pick<MailRecord, 'id' | 'messageId'>,
  deliveredAt: Instant,
  world: SubmissionWorld,
): MailRecord {
  const sender = senderOf(evidence, world.nodes, world.evidence);
  return {
    ...ids,
    purpose: claims.purpose,
    template: claims.template,
    sentBy: sender?.name ?? null,
    personas: [...(sender?.personas ?? [])],
    from: from[0] ?? mailFrom,
    to: [...recipients],
    subject,
    acceptedAt: world.wallClock().toISOString(),
    acceptedAtSimulated: formatInstant(world.clock.now()),
    deliveredAtSimulated: formatInstant(deliveredAt),
    begunAtSimulated: formatInstant(begun),
    ...evidence,
    evidence: world.evidence,
    authenticatedAs: { clientId: submitter.clientId, mailbox: submitter.mailbox },
    traceId: claims.trace,
    claimedNode: claims.node,
  };
}

/** Exchange gives a message without a Message-ID one of its own. */
function ownMessageId({ evidence, begun, message }: Submission, { random }: SubmissionWorld): string {
  const cause = `message-id ${evidence.remoteAddress} ${evidence.ehlo} ${begun} ${createHash('sha256').update(message).digest('hex')}`;
  return `${random.text(cause, 30, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}@AM0PR02MB4132.eurprd02.prod.outlook.com`;
}
