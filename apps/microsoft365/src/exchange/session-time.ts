import type { Cancel, Clock, ExchangeLimits, Instant } from '@isesim/domain';

export interface TimedSession {
  readonly clock: Pick<Clock, 'now' | 'at'>;
  /** What its end is called as a piece of work. */
  readonly what: string;
  readonly limits: () => ExchangeLimits;
  /** `server` while the client waits for an answer, `message` from MAIL to the final dot, else `client`. */
  readonly turn: () => 'client' | 'message' | 'server';
  readonly end: () => Promise<void>;
}

/**
 * How long a session has lasted and been silent, in simulated time, and its end when that was too long. One timer stands for
 * it and looks again when it is due: one that is set anew with each reply would have to be told to the clock each time.
 */
export class SessionTime {
  readonly #session: TimedSession;
  readonly #begun: Instant;
  #lastReply: Instant;
  #timer: { readonly due: Instant; readonly cancel: Cancel } | undefined;
  #closed = false;

  constructor(session: TimedSession) {
    this.#session = session;
    this.#begun = session.clock.now();
    this.#lastReply = this.#begun;
  }

  /** To be called with each reply: from then on it is the client that is silent. */
  touch(): void {
    this.#lastReply = this.#session.clock.now();
    this.watch();
  }

  /** To be called when the turn has changed: a timer is due no later than the session. */
  watch(): void {
    const due = this.#due();
    if (this.#closed || due === Infinity || (this.#timer && this.#timer.due <= due)) return;
    this.#timer?.cancel();
    const { clock, what, end } = this.#session;
    const look = async () => {
      this.#timer = undefined;
      if (this.isUp()) await end();
      else this.watch();
    };
    this.#timer = { due, cancel: clock.at(due, what, look) };
  }

  /** Whether it has been silent for too long, or lasted too long with no message under way. */
  isUp(): boolean {
    return this.#due() <= this.#session.clock.now();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** As `00:20:55`. */
  spent(): string {
    const seconds = Math.floor((this.#session.clock.now() - this.#begun) / 1_000);
    return [seconds / 3_600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
  }

  #due(): Instant {
    const { sessionIdleMs = Infinity, sessionLengthMs = Infinity } = this.#session.limits();
    const turn = this.#session.turn();
    if (turn === 'server') return Infinity;
    return Math.min(this.#lastReply + sessionIdleMs, turn === 'message' ? Infinity : this.#begun + sessionLengthMs);
  }
}
