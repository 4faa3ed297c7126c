import { minuteMs } from './duration.ts';

/** What Exchange Online allows one mailbox that submits mail. A limit that is left out does not hold. */
export interface ExchangeLimits {
  /** So many messages may be under way at once, over all connections. */
  readonly concurrentSubmissions?: number;
  /** So many are delivered in any minute; more are accepted and delivered later. */
  readonly messagesPerMinute?: number;
  /** In any 24 hours. */
  readonly recipientsPerDay?: number;
  readonly recipientsPerMessage?: number;
  readonly messageSizeBytes?: number;
  /** From the greeting on; the session goes on to the end of the message under way. */
  readonly sessionLengthMs?: number;
  /** Without a command. */
  readonly sessionIdleMs?: number;
  /** After so many within an hour the mailbox sends nothing until an hour has passed since the last one. */
  readonly sendAsDenials?: number;
}

const megabyte = 1024 * 1024;

/** Exchange Online's own, as far as they are known: docs/fidelity.md says how surely. */
export const exchangeLimits: Required<ExchangeLimits> = {
  concurrentSubmissions: 3,
  messagesPerMinute: 30,
  recipientsPerDay: 10_000,
  recipientsPerMessage: 500,
  messageSizeBytes: 35 * megabyte,
  sessionLengthMs: 20 * minuteMs,
  // Exchange Server's own default for a client that is silent.
  sessionIdleMs: 5 * minuteMs,
  // Microsoft names neither the number nor the period.
  sendAsDenials: 10,
};
