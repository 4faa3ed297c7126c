import type { default as SMTPConnection, SMTPError, SMTPConnectionAuth, SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { NetworkError, type Connection, type Reply, type Secret, type SmtpServerSettings } from '@isesim/domain';
import type { TokenSource } from './access-token.ts';
import { smtpFailure } from './attempt-failure.ts';
import { awaitFarEnd, closeConnection, type MailWorld } from './far-end.ts';
import { openConnection } from './open-connection.ts';
import { replyOf } from './reply-of.ts';
import { onStartTls, smtpDialogue } from './trace-smtp.ts';
import { traceTls } from './trace-tls.ts';

/**
 * One connection to the mail server, ready for one mail after another.
 *
 * It is nodemailer's SMTPConnection and not its pooled transport, because the right to send is checked just before the
 * MAIL FROM of a connection that is authenticated already: the pool connects and sends in one call, with no hook there.
 */
export interface MailConnection {
  readonly settings: SmtpServerSettings;
  /** The certificates that the node trusted when it was opened. */
  readonly trusted: readonly string[];
  /** The proxy that it goes through; undefined for the direct way. */
  readonly proxy: string | undefined;
  /** False where the server offered no authentication: then it says at MAIL FROM what it wants. */
  readonly authenticated: boolean;
  /** False once either end has closed it. */
  isOpen(): boolean;
  /** One exchange with the server: `start` begins it and hands `done` to nodemailer; `isWhole`: a whole message has gone out. */
  exchange<T>(start: (smtp: SMTPConnection, done: Done<T>) => void, isWhole?: () => boolean): Promise<T>;
  lastReply(): Reply | undefined;
  close(): Promise<void>;
}

type Done<T> = (error: SMTPError | null | undefined, value: T) => void;

export interface Tokens {
  readonly tokens: TokenSource;
  readonly freshToken: boolean;
}

/** Gets a token where one is needed, connects, starts TLS and authenticates; throws an AttemptFailure. */
export async function openMailConnection(settings: SmtpServerSettings, world: MailWorld, tokens: Tokens): Promise<MailConnection> {
  const token = await tokenFor(settings, tokens);
  const { default: SMTPConnection } = await world.work.outside('load nodemailer', () => import('nodemailer/lib/smtp-connection'));
  const connection = await connect(settings, world);
  const trusted = world.network.trustedCertificates(settings.host);
  const smtp = new SMTPConnection({ ...smtpOptions(settings, connection, world.network.fqdn, trusted), ...dialogueOf(world) });
  // Every exchange hears of its own errors; Node.js would throw those that come between.
  smtp.on('error', () => undefined);
  const { trace } = world;
  if (trace) onStartTls(smtp, (socket) => { traceTls(socket, settings.host, trusted, trace); });
  const mailConnection = mailConnectionOver(smtp, connection, { settings, trusted, world });
  try {
    await greet(mailConnection, smtp);
    await authenticate(mailConnection, await loginOf(settings, token, world));
  } catch (error) {
    await mailConnection.close();
    throw error;
  }
  return mailConnection;
}

/** nodemailer's own timers run on the wall clock: the longest that a timer takes, for 0 would mean its default. */
const neverMs = 2 ** 31 - 1;

async function tokenFor(settings: SmtpServerSettings, { tokens, freshToken }: Tokens): Promise<Secret | undefined> {
  const { authentication, connectionTimeoutMs } = settings;
  if (authentication.type !== 'exchange-online-oauth') return undefined;
  const { token } = await tokens.acquire(authentication, { fresh: freshToken, timeoutMs: connectionTimeoutMs });
  return token;
}

async function connect({ host, port, connectionTimeoutMs }: SmtpServerSettings, world: MailWorld): Promise<Connection> {
  try {
    return await openConnection(world, host, port, connectionTimeoutMs);
  } catch (error) {
    throw smtpFailure(error, host, 'connect');
  }
}

function smtpOptions(
  { host, port, tls }: SmtpServerSettings,
  { socket }: Connection,
  fqdn: string,
  trusted: readonly string[],
): SMTPConnectionOptions {
  return {
    host,
    port,
    name: fqdn,
    connection: socket,
    secure: false,
    requireTLS: tls,
    ignoreTLS: !tls,
    tls: { ca: [...trusted] },
    connectionTimeout: neverMs,
    greetingTimeout: neverMs,
    socketTimeout: neverMs,
    socketCloseTimeout: 0,
  };
}

function dialogueOf({ trace }: MailWorld): SMTPConnectionOptions {
  return trace ? ({ logger: smtpDialogue(trace), transactionLog: true } as SMTPConnectionOptions) : {};
}

function mailConnectionOver(
  smtp: SMTPConnection,
  connection: Connection,
  { settings, trusted, world }: { settings: SmtpServerSettings; trusted: readonly string[]; world: MailWorld },
): MailConnection {
  return {
    settings,
    trusted,
    proxy: connection.proxy,
    get authenticated() {
      return smtp.authenticated;
    },
    isOpen: () => !smtp.destroyed && !connection.socket.destroyed,
    exchange: (start, isWhole) => awaitFarEnd(world, connection, settings.connectionTimeoutMs, () => answered(smtp, start), isWhole),
    lastReply: () => replyOf(smtp.lastServerResponse || ''),
    async close() {
      smtp.close();
      await closeConnection(world, connection);
    },
  };
}

/** nodemailer calls back for an answer; for a lost connection it does so in some of its calls and else emits an event. */
async function answered<T>(smtp: SMTPConnection, start: (smtp: SMTPConnection, done: Done<T>) => void): Promise<T> {
  const { promise, resolve, reject } = withResolvers<T>();
  // A call that was cut off by a 421 is called back after this event, with the reply: let it.
  const end = (): void => queueMicrotask(() => reject(new NetworkError('ECONNECTION', 'the server closed the connection')));
  smtp.once('error', reject).once('end', end);
  try {
    start(smtp, (error, value) => (error ? reject(error) : resolve(value)));
    return await promise;
  } finally {
    smtp.off('error', reject).off('end', end);
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Greeting, EHLO and, when the settings say so, STARTTLS and EHLO again. */
async function greet(connection: MailConnection, smtp: SMTPConnection): Promise<void> {
  try {
    await connection.exchange<unknown>((_, done) => smtp.connect((error) => done(error, undefined)));
  } catch (error) {
    throw smtpFailure(error, connection.settings.host, smtp.upgrading || isStartTls(error) ? 'tls' : 'connect');
  }
}

function isStartTls(error: unknown): boolean {
  return error instanceof Error && 'command' in error && error.command === 'STARTTLS';
}

async function loginOf(
  { authentication }: SmtpServerSettings,
  token: Secret | undefined,
  { work }: MailWorld,
): Promise<SMTPConnectionAuth | undefined> {
  if (authentication.type === 'none') return undefined;
  if (authentication.type === 'password') return { user: authentication.username, pass: authentication.password.reveal() };
  const { default: XOAuth2 } = await work.outside('load nodemailer', () => import('nodemailer/lib/xoauth2'));
  const user = authentication.emailAddress;
  // Asked again (a server may answer 334 first), it gives the same token: to try a fresh one is the caller's next attempt.
  const oauth2 = new XOAuth2({ user, provisionCallback: (_user, _renew, done) => done(null, token?.reveal()) });
  return { type: 'OAUTH2', user, oauth2 };
}

async function authenticate(connection: MailConnection, login: SMTPConnectionAuth | undefined): Promise<void> {
  try {
    // Like ISE's JavaMail: where the server offers no AUTH (Exchange, before STARTTLS), no credentials go out.
    await connection.exchange<unknown>((smtp, done) => {
      if (login && smtp.allowsAuth) smtp.login(login, done);
      else done(null, undefined);
    });
  } catch (error) {
    throw smtpFailure(error, connection.settings.host, 'auth');
  }
}
