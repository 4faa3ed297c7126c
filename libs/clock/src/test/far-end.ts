import type { AgentClock } from '../agent-clock.ts';
import type { RandomDelays } from './random-delays.ts';

export interface FarEndOptions {
  readonly connection: string;
  /** Simulated milliseconds that a request takes. */
  readonly latency: number;
  readonly double: AgentClock;
  readonly delays: RandomDelays;
}

/** The double's end of one connection: bytes and close arrive in order, each after a hop. */
export class FarEnd {
  readonly #options: FarEndOptions;
  readonly #closed = new AbortController();
  #arrived: Promise<void> = Promise.resolve();
  #served: Promise<void> = Promise.resolve();

  constructor(options: FarEndOptions) {
    this.#options = options;
  }

  /** On the move until it is answered, save while the double sleeps on it. */
  async request(): Promise<void> {
    const { connection, double, delays } = this.#options;
    delays.moving += 1;
    this.#arrived = delays.turns(6).then(() => {
      double.connectionOpened(connection);
      // Ended by the close: that is no failure.
      this.#served = double.start(`serve ${connection}`, () => this.#serve()).catch(() => undefined).then(() => { delays.moving -= 1; });
    });
    await this.#arrived;
    await this.#served;
    await delays.turns(6);
  }

  close(): void {
    const { connection, double, delays } = this.#options;
    delays.moving += 1;
    void this.#arrived.then(() => delays.turns(6)).then(async () => {
      this.#closed.abort(new Error('the client closed'));
      await this.#served;
      double.connectionClosed(connection);
      delays.moving -= 1;
    });
  }

  async #serve(): Promise<void> {
    const { double, delays } = this.#options;
    if (this.#options.latency > 0) await this.#sleep();
    await double.outside('record', () => delays.hop());
  }

  async #sleep(): Promise<void> {
    const { connection, latency, double, delays } = this.#options;
    delays.moving -= 1;
    try {
      await double.sleeping(connection, () => double.sleep({ ms: latency }, this.#closed.signal));
    } finally {
      delays.moving += 1;
    }
  }
}
