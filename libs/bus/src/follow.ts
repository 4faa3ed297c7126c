import type { Work } from '@isesim/domain';

/** A message of a stream as it was stored. */
export interface StoredMessage<T> {
  readonly subject: string;
  readonly sequence: number;
  /** Simulated instant at which it was written. */
  readonly time: number;
  /** The last sequence that its write named; absent when it named none. */
  readonly fencedBehind: number | undefined;
  readonly value: T;
}

export interface FollowOptions<T> {
  readonly name: string;
  readonly from: number;
  readonly readNext: (sequence: number) => Promise<StoredMessage<T> | undefined>;
  readonly take: (message: StoredMessage<T>) => void;
  readonly work: Work;
}

/**
 * Joins a feed, which is live but may lose messages, with reading by sequence, which is neither: every message is taken
 * once and in order.
 */
export class Follow<T> {
  readonly #options: FollowOptions<T>;
  #next: number;
  #catchingUp: Promise<void> | undefined;

  constructor(options: FollowOptions<T>) {
    this.#options = options;
    this.#next = options.from;
  }

  arrived(message: StoredMessage<T>): void {
    if (message.sequence < this.#next) return;
    if (message.sequence === this.#next && !this.#catchingUp) this.#take(message);
    else void this.#options.work.start(`catch up ${this.#options.name}`, () => this.catchUp());
  }

  /** Reads up to the present end. Whoever asks while it runs is served by a further round, since the end may have moved. */
  catchUp(): Promise<void> {
    const round = (this.#catchingUp ?? Promise.resolve()).then(() => this.#read());
    const settled = round.finally(() => {
      if (this.#catchingUp === settled) this.#catchingUp = undefined;
    });
    this.#catchingUp = settled;
    return settled;
  }

  async #read(): Promise<void> {
    for (;;) {
      const message = await this.#options.readNext(this.#next);
      if (!message) return;
      if (message.sequence >= this.#next) this.#take(message);
    }
  }

  #take(message: StoredMessage<T>): void {
    this.#next = message.sequence + 1;
    this.#options.take(message);
  }
}
