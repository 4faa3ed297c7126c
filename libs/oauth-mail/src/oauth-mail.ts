import type { Clock, Mail, Network, Outcome, SmtpServerSettings, Trace, Work } from '@isesim/domain';
import { openTokenSource } from './access-token.ts';
import { MailConnections } from './mail-connections.ts';
import { sendOnce, type AttemptOptions } from './send-once.ts';
import { testConnection } from './test-connection.ts';

export interface OAuthMailOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly work: Work;
  /** At most so many submissions at once; 3 unless given. */
  readonly maxConnections?: number;
}

export interface OAuthMail {
  /** One attempt to submit `mail`. What happens on the way is the outcome; only defects are thrown. */
  sendOnce(mail: Mail, settings: SmtpServerSettings, attempt: AttemptOptions): Promise<Outcome>;
  /** Gets a token, connects and authenticates, sends nothing. `trace` hears what happens on the way; no secret is part of it. */
  testConnection(settings: SmtpServerSettings, trace?: Trace): Promise<Outcome>;
  /** Closes idle connections, and those in use when they are given back; from now on no submission begins. */
  close(): Promise<void>;
}

/** Sends mail through Exchange Online, or any server that takes a password or nothing. Opens nothing until it is used. */
export function openOAuthMail({ maxConnections = exchangeSubmissionsMax, ...world }: OAuthMailOptions): OAuthMail {
  const tokens = openTokenSource(world);
  const connections = new MailConnections(world, maxConnections);
  return {
    sendOnce: (mail, settings, attempt) => sendOnce(mail, settings, attempt, { world, tokens, connections }),
    testConnection: (settings, trace) => testConnection(settings, trace ? { ...world, trace } : world),
    close: () => connections.close(),
  };
}

/** Exchange Online takes three submissions of a mailbox at a time and answers 432 to a fourth. */
const exchangeSubmissionsMax = 3;
