import type { Work } from '@isesim/domain';

export interface FollowOptions<Message extends { readonly sequence: number }> {
  readonly name: string;
  readonly from: number;
  /** The first message at or behind a sequence; undefined at the end. */
  readonly readNext: (sequence: number) => Promise<Message | undefined>;
  /** Returns when what the message sets off begins; undefined when it has. */
  readonly take: (message: Message) => Promise<void> | undefined;
  readonly work: Pick<Work, 'slot'>;
  /** Starts a piece of work that nobody awaits. */
  readonly start: (what: string, run: () => Promise<void>) => void;
}

/**
 * Joins a feed, which is live but may lose messages, with reading by sequence, which is neither: every message is taken
 * once and in order.
 */
export class Follow<Message extends { readonly sequence: number }> {
  readonly #options: FollowOptions<Message>;
  #next: number;
  #round: Promise<void> | undefined;
  #furtherRound: Promise<void> | undefined;
  #lastBegins: Promise<void> | undefined;

  constructor(options: FollowOptions<Message>) {
    this.#options = options;
    this.#next = options.from;
  }

  arrived(message: Message): void {
    if (message.sequence === this.#next) this.#take(message);
    else if (message.sequence > this.#next) this.gap();
  }

  /** Something was missed: reads it, as work of its own. */
  gap(): void {
    const { start, name } = this.#options;
    start(`catch up ${name}`, () => this.catchUp());
  }

  /** Reads up to the present end, and waits until all that was taken has begun. */
  async catchUp(): Promise<void> {
    const { work } = this.#options;
    await (this.#round ? work.slot(this.#further(this.#round)) : this.#begin());
    // Its turn comes only while nothing runs: whoever waits for it must let it.
    if (this.#lastBegins) await work.slot(this.#lastBegins);
  }

  /** All who ask while a round runs are served by one further round, since the end may have moved. */
  #further(round: Promise<void>): Promise<void> {
    this.#furtherRound ??= round.catch(() => undefined).then(() => {
      this.#furtherRound = undefined;
      return this.#begin();
    });
    return this.#furtherRound;
  }

  #begin(): Promise<void> {
    const round = this.#read().finally(() => {
      this.#round = undefined;
    });
    this.#round = round;
    return round;
  }

  async #read(): Promise<void> {
    for (;;) {
      const message = await this.#options.readNext(this.#next);
      if (!message) return;
      // The feed may have brought it meanwhile.
      if (message.sequence >= this.#next) this.#take(message);
    }
  }

  #take(message: Message): void {
    this.#next = message.sequence + 1;
    const begins = this.#options.take(message);
    if (!begins) return;
    this.#lastBegins = begins;
    void begins.then(() => { if (this.#lastBegins === begins) this.#lastBegins = undefined; });
  }
}
