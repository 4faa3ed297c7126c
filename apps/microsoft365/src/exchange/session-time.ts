import type { Clock, ExchangeLimits, Instant } from '@isesim/domain';

/**
 * How long a session has lasted and been silent, in simulated time. Looked at when a command comes: a timer on every idle
 * connection would make time pass in steps for the sake of connections that nobody uses any more.
 */
export class SessionTime {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #begun: Instant;
  #lastReply: Instant;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#begun = clock.now();
    this.#lastReply = this.#begun;
  }

  /** To be called with each reply: from then on it is the client that is silent. */
  touch(): void {
    this.#lastReply = this.#clock.now();
  }

  isIdle({ sessionIdleMs = Infinity }: ExchangeLimits): boolean {
    return this.#clock.now() - this.#lastReply >= sessionIdleMs;
  }

  isOver({ sessionLengthMs = Infinity }: ExchangeLimits): boolean {
    return this.#clock.now() - this.#begun >= sessionLengthMs;
  }

  /** As `00:20:55`. */
  spent(): string {
    const seconds = Math.floor((this.#clock.now() - this.#begun) / 1_000);
    return [seconds / 3_600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
  }
}
