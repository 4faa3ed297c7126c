import { minuteMs, NetworkError, secondMs, type Clock, type Instant, type LinkFault, type LinkFaultKind, type Random } from '@isesim/domain';
import { changeController } from './change-controller.ts';

export interface LinkFaultsOptions {
  readonly clock: Clock;
  readonly random: Random;
}

type Of<Kind extends LinkFaultKind> = Extract<LinkFault, { fault: Kind }>;

// RFC 6298 §2.1 and §5.5: first after a second, then after twice the time before.
const retransmissionFirstMs = secondMs;
// RFC 1122 §4.2.3.5: a connection on which nothing is acknowledged ends after minutes; Linux takes 15. The next one carries what was lost.
const connectionEndsMs = 15 * minuteMs;
const loopback = /^127\./;

/** The faults on the ways from one node, and what they mean there: waits on the clock and errors, never stuck sockets. */
export class LinkFaults {
  readonly #options: LinkFaultsOptions;
  #standing: readonly LinkFault[] = [];
  readonly #arrivals = new Map<string, Instant>();
  #change = changeController();
  #passages = 0;

  constructor(options: LinkFaultsOptions) {
    this.#options = options;
  }

  /** These stand from now on, in place of the former; returns the hosts to which one has begun. Who waits for one that is over goes on. */
  stand(faults: readonly LinkFault[]): string[] {
    const before = new Set(this.#standing.map(keyOf));
    this.#standing = faults;
    for (const way of [...this.#arrivals.keys()]) if (!this.delays(hostOf(way))) this.#arrivals.delete(way);
    const change = this.#change;
    this.#change = changeController();
    change.abort();
    return [...new Set(faults.filter((fault) => !before.has(keyOf(fault))).map(({ to }) => to))];
  }

  of<Kind extends LinkFaultKind>(host: string, kind: Kind): Of<Kind> | undefined {
    return this.#standing.find((fault): fault is Of<Kind> => fault.to === host && fault.fault === kind);
  }

  /** Where a name leads wrongly; undefined when it does not. Throws a `NetworkError` when it is not found. */
  lookUp(host: string): string | undefined {
    const fault = this.of(host, 'wrong-dns');
    if (fault && fault.address === undefined) throw new NetworkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`);
    return fault?.address;
  }

  /** Before a socket is opened. Throws a `NetworkError` as the system would, at the latest at `due`. */
  async connecting(host: string, port: number, due: Instant): Promise<void> {
    if (!this.#meets(host)) return;
    const expired = () => new NetworkError('ETIMEDOUT', `connect ETIMEDOUT ${host}:${port}`);
    await this.#resolving(host, port, due);
    await this.#blocked(() => this.of(host, 'timeout') !== undefined, due, expired);
    await this.#late(host, due, expired);
    if (this.of(host, 'reset')?.after === 'connect') throw new NetworkError('ECONNRESET', `connect ECONNRESET ${host}:${port}`);
  }

  /** Before something is sent over an open connection. */
  async sending(host: string, due: Instant): Promise<void> {
    if (!this.#meets(host)) return;
    const expired = () => new NetworkError('ETIMEDOUT', `no answer from ${host}`);
    await this.#blocked(() => this.of(host, 'hang') !== undefined, due, expired);
    await this.#late(host, due, expired);
  }

  /** Whether what is sent to `host` or comes from there is late now. */
  delays(host: string): boolean {
    return this.of(host, 'slow') !== undefined || this.of(host, 'loss') !== undefined;
  }

  /**
   * Before a message passes on a connection to `host`, on which messages `sent` stay in order, and so do those `taken`: what is
   * lost holds up what comes behind it. False when it is not through at `due`.
   */
  async passing(host: string, direction: 'sent' | 'taken', due: Instant = Infinity): Promise<boolean> {
    if (!this.delays(host)) return true;
    const now = this.#options.clock.now();
    const way = `${host} ${direction}`;
    const arrival = Math.max(this.#arrivals.get(way) ?? now, now + this.#delayMs(host, Math.min(due, now + connectionEndsMs)));
    this.#arrivals.set(way, arrival);
    return this.#lateUntil(host, arrival, due);
  }

  async #resolving(host: string, port: number, due: Instant): Promise<void> {
    const fault = this.of(host, 'wrong-dns');
    if (!fault) return;
    const { address } = fault;
    if (address === undefined) throw new NetworkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`);
    // Nothing leaves this machine unasked, so there is nobody at a wrong address.
    if (loopback.test(address)) throw new NetworkError('ECONNREFUSED', `connect ECONNREFUSED ${address}:${port}`);
    await this.#blocked(() => this.of(host, 'wrong-dns')?.address === address, due, () => new NetworkError('ETIMEDOUT', `connect ETIMEDOUT ${address}:${port}`));
  }

  /** Waits while `stands`: at `due` at the latest, which is then an error. */
  async #blocked(stands: () => boolean, due: Instant, expired: () => NetworkError): Promise<void> {
    while (stands()) {
      if (await this.#sleepUntil(due)) throw expired();
    }
  }

  async #late(host: string, due: Instant, expired: () => NetworkError): Promise<void> {
    const delayMs = this.#delayMs(host, due);
    if (delayMs === 0) return;
    if (!(await this.#lateUntil(host, this.#options.clock.now() + delayMs, due))) throw expired();
  }

  /** Waits for an arrival, as long as the way delays it; false when that is not there at `due`. */
  async #lateUntil(host: string, arrival: Instant, due: Instant): Promise<boolean> {
    while (this.delays(host)) {
      if (await this.#sleepUntil(Math.min(arrival, due))) return arrival <= due;
    }
    return true;
  }

  #delayMs(host: string, due: Instant): number {
    return (this.of(host, 'slow')?.delayMs ?? 0) + this.#lostMs(host, due);
  }

  #lostMs(host: string, due: Instant): number {
    const fault = this.of(host, 'loss');
    if (!fault) return 0;
    const { clock, random } = this.#options;
    const cause = `loss ${host} ${clock.now()} ${++this.#passages}`;
    return retransmissionMs(fault.rate, (attempt) => random.fraction(`${cause} ${attempt}`), due - clock.now());
  }

  /** False when the faults changed before. */
  async #sleepUntil(until: Instant): Promise<boolean> {
    const { signal } = this.#change;
    try {
      await this.#options.clock.sleep(until, signal);
      return true;
    } catch (error) {
      if (!signal.aborted) throw error;
      return false;
    }
  }

  #meets(host: string): boolean {
    return this.#standing.some(({ to }) => to === host);
  }
}

/** How long it takes until something arrives of which each sending is lost where `draw` is below `rate`; just over `limitMs` when never. */
export function retransmissionMs(rate: number, draw: (attempt: number) => number, limitMs: number): number {
  let delayMs = 0;
  for (let attempt = 0; draw(attempt) < rate && delayMs <= limitMs; attempt += 1) delayMs += retransmissionFirstMs * 2 ** attempt;
  return delayMs;
}

function hostOf(way: string): string {
  return way.slice(0, way.indexOf(' '));
}

function keyOf(fault: LinkFault): string {
  return JSON.stringify(Object.entries(fault).sort(([one], [other]) => (one < other ? -1 : 1)));
}
