import { minuteMs, type Instant, type SmtpServerSettings } from '@isesim/domain';
import type { MailWorld } from './far-end.ts';
import type { MailConnection } from './mail-connection.ts';

/** No server has to wait longer for the next command (RFC 5321 §4.5.3.2.7), so no client should count on it. */
const idleLimitMs = 5 * minuteMs;

interface Idle {
  readonly connection: MailConnection;
  readonly since: Instant;
}

/** Connections kept for reuse, and the limit on how many are used at once. */
export class MailConnections {
  readonly #world: MailWorld;
  readonly #idle: Idle[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #closed = false;

  constructor(world: MailWorld, places: number) {
    this.#world = world;
    this.#free = places;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Runs `use` in one of the places; whoever finds them taken waits. */
  async inPlace<T>(use: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#world.work.slot(new Promise<void>((resolve) => this.#waiting.push(resolve)));
    try {
      return await use();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  /** An idle connection that fits, if there is one. Those that do not are closed; so are all, when `reuse` is false. */
  async takeIdle(settings: SmtpServerSettings, reuse: boolean): Promise<MailConnection | undefined> {
    const all = this.#idle.splice(0);
    const fitting = all.filter((each) => reuse && this.#fits(each, settings));
    const taken = fitting.pop();
    this.#idle.push(...fitting);
    const unfit = all.filter((each) => each !== taken && !fitting.includes(each));
    await Promise.all(unfit.map(({ connection }) => connection.close()));
    return taken?.connection;
  }

  async giveBack(connection: MailConnection): Promise<void> {
    if (this.#closed || !connection.isOpen()) await connection.close();
    else this.#idle.push({ connection, since: this.#world.clock.now() });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#idle.splice(0).map(({ connection }) => connection.close()));
  }

  #fits({ connection, since }: Idle, settings: SmtpServerSettings): boolean {
    const { clock, network } = this.#world;
    return (
      connection.isOpen() &&
      clock.now() - since < idleLimitMs &&
      sameSettings(connection.settings, settings) &&
      connection.proxy === network.proxyFor?.(settings.host) &&
      (!settings.tls || sameList(connection.trusted, network.trustedCertificates(settings.host)))
    );
  }
}

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
