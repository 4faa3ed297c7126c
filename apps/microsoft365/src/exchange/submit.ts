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
import { hasFullAccess, sameText, type TenantState } from '../tenant.ts';
import { IdTaken, type Arrivals } from './arrivals.ts';
import type { Submitter } from './authenticate.ts';
import { senderOf, type Evidence } from './evidence.ts';
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
}

export interface SubmissionEnd {
  readonly situation: Situation;
  readonly values?: ReplyValues;
}

/** Judges a message at the end of DATA, in Exchange's order, and accepts it only once it is recorded. */
export async function submit(submission: Submission, world: SubmissionWorld): Promise<SubmissionEnd> {
  const { submitter, mailFrom, message } = submission;
  const tenant = world.tenant.current;
  if (!hasFullAccess(tenant, submitter.mailbox, submitter.servicePrincipal)) return { situation: 'mailbox logon failure' };
  const head = await readHead(message);
  if (!head) return { situation: 'content corrupt' };
  const foreign = [mailFrom, ...head.from].find((address) => !sameText(address, submitter.mailbox));
  if (foreign !== undefined) return { situation: 'send as denied', values: { mailbox: submitter.mailbox, from: foreign.slice(0, 254) } };
  return accept(submission, head, world);
}

async function accept(submission: Submission, head: MessageHead, world: SubmissionWorld): Promise<SubmissionEnd> {
  const messageId = head.messageId ?? ownMessageId(submission, world);
  for (;;) {
    const id = world.arrivals.take(messageId);
    const record = recordOf(submission, head, { id, messageId }, world);
    try {
      await world.record({ record, source: sourceText(submission.message) });
      return { situation: 'accepted', values: { messageId } };
    } catch (error) {
      if (error instanceof IdTaken) continue;
      world.arrivals.release(id);
      return { situation: 'not recorded' };
    }
  }
}

function recordOf(
  { submitter, evidence, mailFrom, recipients, begun }: Submission,
  { from, subject, claims }: MessageHead,
  ids: Pick<MailRecord, 'id' | 'messageId'>,
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
