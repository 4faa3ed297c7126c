import type { AuthError, ServerError } from '@azure/msal-node';
import type { SMTPError } from 'nodemailer/lib/smtp-connection';
import { oauthTokenEndpointHost, type Reply, type Stage } from '@isesim/domain';
import { formatReply, replyOf } from './reply-of.ts';

/** How much of the message had gone out: `whole` once the final dot may be on its way. */
export type Sent = 'nothing' | 'part' | 'whole';

interface FailureFacts {
  readonly stage: Stage;
  /** A system error code, or the number of an Entra ID error. */
  readonly code?: string | undefined;
  /** A 4yz or 5yz reply. */
  readonly reply?: Reply | undefined;
  /** Rejected without an SMTP reply: the credentials by Entra ID or MSAL, the mail by nodemailer. */
  readonly rejected?: 'credentials' | 'mail' | undefined;
  readonly sent?: Sent;
  /** The connection is of no further use. */
  readonly connectionLost?: boolean;
  /** For so long the far end asked not to be asked again. */
  readonly retryAfterMs?: number | undefined;
}

/** Why an attempt ended before the mail was accepted; `outcomeOf` says what that means. */
export class AttemptFailure extends Error {
  readonly stage: Stage;
  readonly code: string | undefined;
  readonly reply: Reply | undefined;
  readonly rejected: 'credentials' | 'mail' | undefined;
  readonly sent: Sent;
  readonly connectionLost: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { stage, code, reply, rejected, sent = 'nothing', connectionLost = false, retryAfterMs }: FailureFacts) {
    super(message);
    this.name = 'AttemptFailure';
    this.stage = stage;
    this.code = code;
    this.reply = reply;
    this.rejected = rejected;
    this.sent = sent;
    this.connectionLost = connectionLost;
    this.retryAfterMs = retryAfterMs;
  }
}

/** From what MSAL throws, which tells no Retry-After; it passes on what the network client threw as a `network_error`. */
export function tokenFailure(error: AuthError & Partial<Pick<ServerError, 'errorNo' | 'status'>>, retryAfterMs?: number): AttemptFailure {
  if (error.errorCode === 'network_error') {
    return new AttemptFailure(`${oauthTokenEndpointHost}, ${doing.token}: ${error.errorMessage}`, { stage: 'token', code: error.subError, retryAfterMs });
  }
  const text = /Description: (.*?)(?:\s+Trace ID:| - Correlation ID:|$)/s.exec(error.errorMessage)?.[1] ?? error.errorMessage;
  return new AttemptFailure(`${oauthTokenEndpointHost}, ${doing.token}: ${text}`, {
    stage: 'token',
    code: String(error.errorNo ?? error.errorCode),
    rejected: isTransient(error) ? undefined : 'credentials',
    retryAfterMs,
  });
}

/** From what nodemailer or the network gives for an SMTP step; anything without a code is a defect, not a failure. */
export function smtpFailure(error: unknown, host: string, stage: Stage, sent: Sent = 'nothing'): unknown {
  if (!isSystemError(error)) return error;
  const reply = negativeReply(error, sent);
  const lost = sent === 'whole' && !reply ? 'the whole message had gone out, no reply came: ' : '';
  return new AttemptFailure(`${host}, ${doing[stage]}: ${lost}${reply ? formatReply(reply) : error.message}`, {
    stage,
    reply,
    code: reply ? undefined : systemCode(error),
    rejected: reply ? undefined : rejectedByNodemailer(error),
    sent,
    connectionLost: reply ? reply.code === 421 : connectionCodes.has(error.code ?? ''),
  });
}

const doing: Readonly<Record<Stage, string>> = {
  token: 'asked for an access token',
  connect: 'connecting',
  tls: 'starting TLS',
  auth: 'authenticating',
  mail: 'at MAIL FROM',
  rcpt: 'at RCPT TO',
  data: 'at DATA',
};

const connectionCodes = new Set(['ECONNECTION', 'ESOCKET']);

/** 429 and 5xx pass; so does MSAL's own throttle, which carries no status. All else Entra ID says of the settings. */
function isTransient({ name, status }: { name: string; status?: number }): boolean {
  return name === 'ServerError' && (status === undefined || status === 429 || status >= 500);
}

function negativeReply(error: SMTPError, sent: Sent): Reply | undefined {
  // A line cut short by the end of the connection is reported like a reply; after the message it proves nothing.
  if (sent === 'whole' && error.code === 'ECONNECTION') return undefined;
  const reply = error.response === undefined ? undefined : replyOf(error.response);
  return reply && reply.code >= 400 ? reply : undefined;
}

/** The system's code where nodemailer put its own in its place; a peer that just went away counts as a reset. */
function systemCode(error: SMTPError): string | undefined {
  return error.originalCode ?? (error.code === 'ECONNECTION' ? 'ECONNRESET' : error.code);
}

/** nodemailer itself turns down addresses with line breaks or brackets, mail above the server's SIZE, empty passwords. */
function rejectedByNodemailer({ code, command }: SMTPError): 'credentials' | 'mail' | undefined {
  if (code === 'EAUTH' && command === 'API') return 'credentials';
  if (code === 'EENVELOPE' && command === 'API') return 'mail';
  if (code === 'EMESSAGE' && command === 'MAIL FROM') return 'mail';
  return undefined;
}

/** Node.js gives its own complaints about a call (ERR_INVALID_ARG_TYPE …) a code, too: those are defects. */
function isSystemError(error: unknown): error is SMTPError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_');
}
