import { createHash } from 'node:crypto';
import * as z from 'zod';
import { personas } from './persona.ts';

/** One accepted mail, written by the receiving side. Field names are a fixed contract. */
export const mailRecordSchema = z.object({
  id: z.string(),
  messageId: z.string(),
  /** Claims of the sender, from its headers; null when the mail carries none. */
  purpose: z.string().nullable(),
  template: z.string().nullable(),
  /** The node whose address or EHLO name the connection had; null when it was none of ours. */
  sentBy: z.string().nullable(),
  personas: z.array(z.enum(personas)),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  /** Real time, ISO 8601. */
  acceptedAt: z.string(),
  /** Simulated time, ISO 8601. */
  acceptedAtSimulated: z.string(),
  /** Simulated time, ISO 8601: later than the acceptance where a mailbox has sent more than Exchange delivers in a minute. */
  deliveredAtSimulated: z.string().optional(),
  /** Simulated time of MAIL FROM, ISO 8601: the duty is judged at this moment. */
  begunAtSimulated: z.string(),
  remoteAddress: z.string(),
  ehlo: z.string(),
  evidence: z.enum(['address', 'ehlo']),
  /** The application whose token let the sender in, null where user name and password did. */
  authenticatedAs: z.object({ clientId: z.string().nullable(), mailbox: z.string() }),
  traceId: z.string().nullable(),
  /** The node that the mail's own headers name: a claim, compared with `sentBy` in the audit. */
  claimedNode: z.string().nullable(),
});
export type MailRecord = z.infer<typeof mailRecordSchema>;

export const acceptedMailSchema = z.object({ record: mailRecordSchema, source: z.string() });
/** The record with the message as received, byte for byte (as UTF-8 text). */
export type AcceptedMail = z.infer<typeof acceptedMailSchema>;

/** A mail's id follows from its Message-ID, and that from its notification: the same in every run of the same events. */
export function mailId(messageId: string): string {
  return createHash('sha256').update(messageId).digest('hex').slice(0, 12);
}
