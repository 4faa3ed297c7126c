import { fillIn } from '../fill-in.ts';

function smtpAuthDisabledFor(whom: 'Tenant' | 'Mailbox'): string {
  return `Authentication unsuccessful, SmtpClientAuthentication is disabled for the ${whom}. Visit https://aka.ms/smtp_auth_disabled for more information.`;
}

/**
 * Every reply of Exchange Online that the double gives, by situation. Texts of an authenticated submission are recorded
 * from the real server; some of the protocol errors are those of Exchange Server, which shares the code.
 */
export const replies = {
  ready: { code: 220, text: '{greetingHost} Microsoft ESMTP MAIL Service ready at {date} [{session}]' },
  hello: { code: 250, text: '{greetingHost} Hello [{address}]' },
  'ready for TLS': { code: 220, enhanced: '2.0.0', text: 'SMTP server ready' },
  challenge: { code: 334, text: '' },
  // "Username:" and "Password:" in base64.
  'username challenge': { code: 334, text: 'VXNlcm5hbWU6' },
  'password challenge': { code: 334, text: 'UGFzc3dvcmQ6' },
  authenticated: { code: 235, enhanced: '2.7.0', text: 'Authentication successful' },
  'sender ok': { code: 250, enhanced: '2.1.0', text: 'Sender OK' },
  'recipient ok': { code: 250, enhanced: '2.1.5', text: 'Recipient OK' },
  'start mail input': { code: 354, text: 'Start mail input; end with <CRLF>.<CRLF>' },
  accepted: { code: 250, enhanced: '2.0.0', text: 'OK <{messageId}>', trailer: 'back end' },
  reset: { code: 250, enhanced: '2.0.0', text: 'Resetting' },
  ok: { code: 250, enhanced: '2.0.0', text: 'OK' },
  'cannot verify': { code: 252, enhanced: '2.1.5', text: 'Cannot VRFY user' },
  help: { code: 214, text: 'This server supports the following commands: HELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH' },
  bye: { code: 221, enhanced: '2.0.0', text: 'Service closing transmission channel' },

  // AUTH
  unauthenticated: { code: 535, enhanced: '5.7.3', text: 'Authentication unsuccessful', trailer: 'front end' },
  'credentials incorrect': {
    code: 535,
    enhanced: '5.7.139',
    text: 'Authentication unsuccessful, the user credentials were incorrect.',
    trailer: 'front end',
  },
  'SMTP AUTH off for the tenant': { code: 535, enhanced: '5.7.139', text: smtpAuthDisabledFor('Tenant'), trailer: 'front end' },
  'SMTP AUTH off for the mailbox': { code: 535, enhanced: '5.7.139', text: smtpAuthDisabledFor('Mailbox'), trailer: 'front end' },
  'conditional access': {
    code: 535,
    enhanced: '5.7.139',
    text: 'Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.',
    trailer: 'front end',
  },
  'security defaults': {
    code: 535,
    enhanced: '5.7.139',
    text: "Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.",
    trailer: 'front end',
  },
  'basic authentication': { code: 550, enhanced: '5.7.30', text: 'Basic authentication is not supported for Client Submission.', trailer: 'front end' },
  'mechanism unknown': { code: 504, enhanced: '5.7.4', text: 'Unrecognized authentication type', trailer: 'front end' },
  'authentication cancelled': { code: 501, enhanced: '5.7.0', text: 'Authentication cancelled', trailer: 'front end' },
  'already authenticated': { code: 503, enhanced: '5.5.2', text: 'Already authenticated', trailer: 'front end' },
  'TLS too old': {
    code: 421,
    enhanced: '4.7.66',
    text: 'TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2. Visit https://aka.ms/smtp_auth_tls.',
    trailer: 'host',
  },

  // MAIL, RCPT, DATA
  'STARTTLS required': { code: 451, enhanced: '5.7.3', text: 'STARTTLS is required to send mail', trailer: 'host' },
  'authentication required': { code: 530, enhanced: '5.7.57', text: 'Client not authenticated to send mail.', trailer: 'front end' },
  'sender already given': { code: 503, enhanced: '5.5.2', text: 'Sender already specified', trailer: 'front end' },
  'sender malformed': { code: 501, enhanced: '5.1.7', text: 'Invalid address', trailer: 'front end' },
  'recipient malformed': { code: 501, enhanced: '5.1.3', text: 'Invalid address', trailer: 'front end' },
  'parameter unknown': { code: 501, enhanced: '5.5.4', text: 'Unrecognized parameter', trailer: 'front end' },
  'parameter malformed': { code: 501, enhanced: '5.5.4', text: 'Invalid arguments', trailer: 'front end' },
  'mail first': { code: 503, enhanced: '5.5.2', text: 'Need mail command', trailer: 'front end' },
  'recipient first': { code: 503, enhanced: '5.5.2', text: 'Need rcpt command', trailer: 'front end' },
  'too many recipients': { code: 452, enhanced: '4.5.3', text: 'Too many recipients', trailer: 'front end' },
  'too large': { code: 552, enhanced: '5.3.4', text: 'Message size exceeds fixed maximum message size', trailer: 'back end' },

  // End of DATA
  'mailbox logon failure': {
    code: 430,
    enhanced: '4.2.0',
    text: 'STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:ConnectionFailedTransientException.MapiExceptionLogonFailed; Failed to process message due to a transient exception with message [BeginDiagnosticData]Cannot open mailbox. Server = {backEnd}[EndDiagnosticData]',
    trailer: 'back end',
  },
  'send as denied': {
    code: 554,
    enhanced: '5.2.252',
    text: 'SendAsDenied; {mailbox} not allowed to send as {from}; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception with message [BeginDiagnosticData]Cannot submit message. 0.35250:0A004F85[EndDiagnosticData]',
    trailer: 'back end',
  },
  'too many send as denials': {
    code: 550,
    enhanced: '5.2.252',
    text: 'Sender throttled due to continuous send as denied errors.',
    trailer: 'back end',
  },
  'too many at once': {
    code: 432,
    enhanced: '4.3.2',
    text: 'Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.',
    trailer: 'back end',
  },
  'recipient quota exceeded': {
    code: 554,
    enhanced: '5.2.0',
    text: "STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message due to a permanent exception with message The message can't be submitted because the sender's submission quota was exceeded.",
    trailer: 'back end',
  },
  'mailbox full': {
    code: 554,
    enhanced: '5.2.2',
    text: 'mailbox full; STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
    trailer: 'back end',
  },
  'sender blocked': { code: 550, enhanced: '5.1.8', text: 'Access denied, bad outbound sender AS(42004)', trailer: 'back end' },
  'content corrupt': { code: 554, enhanced: '5.6.0', text: 'Corrupt message content', trailer: 'back end' },
  'not recorded': { code: 451, enhanced: '4.3.0', text: 'Temporary server error. Please try again later.', trailer: 'back end' },

  // The protocol
  'hello first': { code: 503, enhanced: '5.5.2', text: 'Send hello first', trailer: 'front end' },
  'name malformed': { code: 501, enhanced: '5.5.4', text: 'Invalid domain name', trailer: 'front end' },
  'TLS already on': { code: 503, enhanced: '5.5.2', text: 'Only one STARTTLS command can be issued per session', trailer: 'front end' },
  'argument unexpected': { code: 501, enhanced: '5.5.4', text: 'Invalid arguments', trailer: 'front end' },
  'command unknown': { code: 500, enhanced: '5.3.3', text: 'Unrecognized command', trailer: 'front end' },
  'too many errors': { code: 421, enhanced: '4.7.0', text: 'Too many errors on this connection, closing transmission channel', trailer: 'host' },
  'line too long': { code: 421, enhanced: '4.7.0', text: 'Command line too long, closing transmission channel', trailer: 'host' },
  'chunking not played': { code: 421, enhanced: '4.7.0', text: 'BDAT is not supported by this simulator, closing transmission channel', trailer: 'host' },
  'session over': { code: 421, enhanced: '4.4.1', text: 'Connection timed out. Total session duration: {duration}' },
  'service not available': { code: 421, enhanced: '4.3.2', text: 'Service not available' },
  'submission rate exceeded': { code: 421, enhanced: '4.4.2', text: 'Message submission rate for this client has exceeded the configured limit' },
  'server busy': { code: 451, enhanced: '4.7.500', text: 'Server busy. Please try again later from [{address}]. (AS761)' },
  'in trouble': { code: 451, enhanced: '4.7.0', text: 'Temporary server error. Please try again later. PRX4', trailer: 'host' },
} as const satisfies Record<string, ReplyRow>;

interface ReplyRow {
  readonly code: number;
  readonly enhanced?: string;
  readonly text: string;
  /** Which of Exchange's servers signs the reply, and how. */
  readonly trailer?: keyof typeof trailers;
}

export type Situation = keyof typeof replies;
export type ReplyValues = Readonly<Record<string, string>>;

const trailers = { 'front end': '[{frontEnd} {time} {session}]', host: '[{frontEnd}]', 'back end': '[Hostname={backEnd}]' } as const;

/** Names of the form that Exchange Online's servers have. */
const servers = {
  greetingHost: 'AM0PR02CA0134.outlook.office365.com',
  frontEnd: 'AM0PR02CA0134.eurprd02.prod.outlook.com',
  backEnd: 'AM0PR02MB4132.eurprd02.prod.outlook.com',
};

/** The text of a reply, enhanced status code and trailer included. */
export function replyText(situation: Situation, now: number, session: string, values: ReplyValues = {}): string {
  const { enhanced, text, trailer }: ReplyRow = replies[situation];
  const parts = [enhanced, text, trailer && trailers[trailer]].filter((part) => part);
  const date = new Date(now);
  return fillIn(parts.join(' '), { ...servers, date: smtpDate(date), time: date.toISOString(), session, ...values });
}

/** 150 MB: what EHLO offers, whatever a single mailbox may send. */
export const sizeOffered = 157_286_400;

/** What EHLO offers, in Exchange's order; STARTTLS gives way to AUTH. */
export function extensions(secure: boolean): string[] {
  const offered = secure ? 'AUTH LOGIN XOAUTH2' : 'STARTTLS';
  return [`SIZE ${sizeOffered}`, 'PIPELINING', 'DSN', 'ENHANCEDSTATUSCODES', offered, '8BITMIME', 'BINARYMIME', 'CHUNKING', 'SMTPUTF8'];
}

/** As `Thu, 10 Oct 2024 22:49:55 +0000`. */
function smtpDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}
