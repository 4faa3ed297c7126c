import { minuteMs, type Instant, type SmtpServerSettings } from '@isesim/domain';
import type { MailWorld } from './far-end.ts';
import type { MailConnection } from './mail-connection.ts';

/** Connections kept for reuse, and the limit on how many are used at once. */
export interface MailConnections {
  readonly closed: boolean;
  /** Runs `use` in one of the places; whoever finds them taken waits. */
  inPlace<T>(use: () => Promise<T>): Promise<T>;
  /** An idle connection that fits, if there is one. Those that do not are closed; so are all, when `reuse` is false. */
  takeIdle(settings: SmtpServerSettings, reuse: boolean): Promise<MailConnection | undefined>;
  giveBack(connection: MailConnection): Promise<void>;
  close(): Promise<void>;
}

export function openMailConnections({ clock, network, work }: MailWorld, places: number): MailConnections {
  const idle: { readonly connection: MailConnection; readonly since: Instant }[] = [];
  const waiting: (() => void)[] = [];
  let free = places;
  let closed = false;

  async function inPlace<T>(use: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1;
    else await work.slot(new Promise<void>((resolve) => waiting.push(resolve)));
    try {
      return await use();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  }

  async function takeIdle(settings: SmtpServerSettings, reuse: boolean): Promise<MailConnection | undefined> {
    const fits = ({ connection, since }: (typeof idle)[number]): boolean =>
      reuse &&
      connection.isOpen() &&
      clock.now() - since < idleLimitMs &&
      sameSettings(connection.settings, settings) &&
      connection.proxy === network.proxyFor?.(settings.host) &&
      (!settings.tls || sameList(connection.trusted, network.trustedCertificates(settings.host)));
    const all = idle.splice(0);
    const fitting = all.filter(fits);
    const taken = fitting.pop();
    idle.push(...fitting);
    const unfit = all.filter((each) => each !== taken && !fitting.includes(each));
    await Promise.all(unfit.map(({ connection }) => connection.close()));
    return taken?.connection;
  }

  async function giveBack(connection: MailConnection): Promise<void> {
    if (closed || !connection.isOpen()) await connection.close();
    else idle.push({ connection, since: clock.now() });
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.all(idle.splice(0).map(({ connection }) => connection.close()));
  }

  return {
    get closed() {
      return closed;
    },
    inPlace,
    takeIdle,
    giveBack,
    close,
  };
}

/** No server has to wait longer for the next command (RFC 5321 §4.5.3.2.7), so no client should count on it. */
const idleLimitMs = 5 * minuteMs;

function sameSettings(one: SmtpServerSettings, other: SmtpServerSettings): boolean {
  return (
    one.host === other.host &&
    one.port === other.port &&
    one.tls === other.tls &&
    sameAuthentication(one.authentication, other.authentication)
  );
}

type Authentication = SmtpServerSettings['authentication'];

function sameAuthentication(one: Authentication, other: Authentication): boolean {
  if (one.type === 'password' && other.type === 'password') {
    return one.username === other.username && one.password.equals(other.password);
  }
  if (one.type === 'exchange-online-oauth' && other.type === 'exchange-online-oauth') {
    return (
      one.emailAddress === other.emailAddress &&
      one.tenantId === other.tenantId &&
      one.clientId === other.clientId &&
      one.clientSecret.equals(other.clientSecret)
    );
  }
  return one.type === other.type;
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}
