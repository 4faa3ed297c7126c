import { Readable } from 'node:stream';
import type { Mail, Outcome, Stage } from '@isesim/domain';
import type { SMTPConnectionSendInfo, SMTPError } from 'nodemailer/lib/smtp-connection';
import { AttemptFailure, smtpFailure, type Sent } from './attempt-failure.ts';
import type { MailConnection } from './mail-connection.ts';
import { formatReply, replyOf } from './reply-of.ts';

/**
 * Submits one mail, from MAIL FROM to the reply to its last line. Throws an AttemptFailure; afterwards the connection is
 * either ready for another mail or closed.
 */
export async function submitMail(connection: MailConnection, mail: Mail, message: Buffer, mayBegin: () => boolean): Promise<Outcome> {
  const progress: { sent: Sent } = { sent: 'nothing' };
  try {
    const info = await connection.exchange<SMTPConnectionSendInfo | undefined>((smtp, done) => {
      // In the turn in which MAIL FROM is written: no wait lies between.
      if (!mayBegin()) return done(null, undefined);
      const envelope = { from: mail.from, to: [...mail.to], size: message.length };
      smtp.send(envelope, Readable.from(watched(message, progress), { objectMode: false }), done);
    }, () => progress.sent === 'whole');
    return info ? accepted(info) : { kind: 'not-begun', reason: 'the right to send ended before MAIL FROM' };
  } catch (error) {
    const failure = smtpFailure(error, connection.settings.host, stageOf(error, progress.sent), progress.sent);
    await clear(connection, failure);
    throw failure;
  }
}

/** nodemailer asks for the message once the server has taken DATA, and for more after it when only the dot is left. */
function* watched(message: Buffer, progress: { sent: Sent }): Generator<Buffer> {
  progress.sent = 'part';
  yield message;
  progress.sent = 'whole';
}

function accepted({ response, rejectedErrors = [] }: SMTPConnectionSendInfo): Outcome {
  const { text, ...codes } = replyOf(response) ?? { code: 250, text: response };
  const refused = rejectedErrors.map(refusedRecipient).join(', ');
  return { kind: 'accepted', reply: { ...codes, text: refused ? `${text}; refused: ${refused}` : text } };
}

function refusedRecipient({ recipient, response = '' }: SMTPError): string {
  const reply = replyOf(response);
  return `${recipient ?? 'unknown'} (${reply ? formatReply(reply) : response})`;
}

const stages: Readonly<Record<string, Stage>> = { API: 'mail', 'MAIL FROM': 'mail', 'RCPT TO': 'rcpt', DATA: 'data' };

function stageOf(error: unknown, sent: Sent): Stage {
  const command = error instanceof Error && 'command' in error ? String(error.command) : '';
  return stages[command] ?? (sent === 'nothing' ? 'mail' : 'data');
}

/** A mail that was turned down leaves a session that can take the next one. */
async function clear(connection: MailConnection, failure: unknown): Promise<void> {
  const turnedDown = failure instanceof AttemptFailure && (failure.reply !== undefined || failure.rejected === 'mail');
  if (!turnedDown || !connection.isOpen()) return await connection.close();
  try {
    await connection.exchange((smtp, done) => smtp.reset(done));
  } catch {
    // What became of the mail is known already; a session that cannot be reset takes no other.
    await connection.close();
  }
}
