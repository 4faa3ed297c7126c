import * as z from 'zod';

/** A server's reply: three-digit code, RFC 3463 enhanced status code where there is one, text. */
export const replySchema = z.object({ code: z.number(), enhanced: z.string().optional(), text: z.string() });
export type Reply = z.infer<typeof replySchema>;

/** At which step an attempt ended. */
export const stages = ['token', 'connect', 'tls', 'auth', 'mail', 'rcpt', 'data'] as const;
export type Stage = (typeof stages)[number];

/**
 * How one attempt ended. Definite outcomes say what happened; `indefinite` means that the whole message went out and no
 * reply came back, so it may have been accepted (RFC 5321 §6.1).
 */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted'), reply: replySchema }),
  /** Transient: 4yz, no connection, no token for now. `retryAfterMs`: for so long the far end asked not to be asked again. */
  z.object({ kind: z.literal('deferred'), stage: z.enum(stages), reply: replySchema.optional(), reason: z.string(), code: z.string().optional(), retryAfterMs: z.number().optional() }),
  /** Permanent: 5yz to MAIL, RCPT or DATA. */
  z.object({ kind: z.literal('refused'), stage: z.enum(stages), reply: replySchema.optional(), reason: z.string(), code: z.string().optional() }),
  /** The credentials were not taken: by the token endpoint (`code` is its AADSTS number) or by the mail server. */
  z.object({ kind: z.literal('unauthorized'), stage: z.enum(stages), reply: replySchema.optional(), reason: z.string(), code: z.string().optional() }),
  z.object({ kind: z.literal('indefinite'), reason: z.string() }),
  /** The sender lost the right to send just before MAIL FROM; nothing was submitted. */
  z.object({ kind: z.literal('not-begun'), reason: z.string() }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

export interface Attempt {
  /** Simulated instant at which the attempt ended. */
  readonly at: number;
  readonly outcome: Outcome;
  readonly settingsRevision: number;
}

/** What is durably known of a mail that is done. */
export const mailEndSchema = z.object({
  notificationId: z.string(),
  end: z.enum(['accepted', 'refused', 'dead-lettered']),
  outcome: outcomeSchema,
  attempts: z.number(),
  settingsRevision: z.number(),
  /** Simulated instant. */
  at: z.number(),
});
export type MailEnd = z.infer<typeof mailEndSchema>;
