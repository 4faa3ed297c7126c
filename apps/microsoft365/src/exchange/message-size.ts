import type { ExchangeLimits, Mailbox } from '@isesim/domain';
import { sizeOffered } from './replies.ts';

/** How many bytes a message of `mailbox` may have: what its MaxSendSize says, else the limits, and never more than EHLO offers. */
export function messageSizeMax(mailbox: Pick<Mailbox, 'maxSendSizeBytes'> | undefined, { messageSizeBytes = Infinity }: ExchangeLimits = {}): number {
  return Math.min(sizeOffered, mailbox?.maxSendSizeBytes ?? messageSizeBytes);
}
