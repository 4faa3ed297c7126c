import type { Mail, Outcome, SmtpServerSettings } from '@isesim/domain';
import type { TokenSource } from './access-token.ts';
import { AttemptFailure } from './attempt-failure.ts';
import { composeMessage } from './compose-message.ts';
import type { MailWorld } from './far-end.ts';
import { openMailConnection, type MailConnection } from './mail-connection.ts';
import type { MailConnections } from './mail-connections.ts';
import { outcomeOf } from './outcome-of.ts';
import { submitMail } from './submit-mail.ts';

export interface AttemptOptions {
  /** The last attempt's token was not taken: get another, and use no connection that it authenticated. */
  readonly freshToken: boolean;
  /** Asked just before MAIL FROM: whether the sender still holds the duty to send. */
  readonly mayBegin: () => boolean;
}

export interface Sender {
  readonly world: MailWorld;
  readonly tokens: TokenSource;
  readonly connections: MailConnections;
}

/** One attempt: over an idle connection if there is one, else over a new one. */
export async function sendOnce(
  mail: Mail,
  settings: SmtpServerSettings,
  { freshToken, mayBegin }: AttemptOptions,
  { world, tokens, connections }: Sender,
): Promise<Outcome> {
  const message = await composeMessage(mail, world.work);

  async function submitOver(connection: MailConnection): Promise<Outcome> {
    try {
      return await submitMail(connection, mail, message, mayBegin);
    } finally {
      await connections.giveBack(connection);
    }
  }

  return await connections.inPlace(async () => {
    if (connections.closed) return { kind: 'not-begun', reason: 'sending has been stopped' };
    try {
      const idle = await connections.takeIdle(settings, !freshToken);
      const outcome = idle && (await submitOver(idle).catch(nothingIfDead));
      return outcome ?? (await submitOver(await openMailConnection(settings, world, { tokens, freshToken })));
    } catch (error) {
      return outcomeOf(error);
    }
  });
}

/** A server may have ended an idle session without our noticing; as nothing of the mail went out, this is no attempt yet. */
function nothingIfDead(error: unknown): undefined {
  if (error instanceof AttemptFailure && error.connectionLost && error.sent === 'nothing') return undefined;
  throw error;
}
