import type { Work } from '@isesim/domain';
import type { NatsWay } from './nats-way.ts';
import type { Reach } from './reach.ts';

export interface InTurnOptions {
  readonly reach: Reach;
  readonly way: NatsWay;
  readonly work: Pick<Work, 'slot'>;
}

type Run = () => Promise<void> | void;

/** Runs what comes from one stream in the order in which it came: late where the way is late, and held while the node is cut off. */
export class InTurn {
  readonly #options: InTurnOptions;
  readonly #held: Run[] = [];
  #catchingUp = false;
  #last: Promise<void> | undefined;

  constructor(options: InTurnOptions) {
    this.#options = options;
    options.reach.onRestored(() => this.#catchUp());
  }

  async run(run: Run): Promise<void> {
    if (!this.#last && !this.#options.way.late) return this.#runOrHold(run);
    const before = this.#last;
    let begun!: () => void;
    const begins = new Promise<void>((resolve) => { begun = resolve; });
    this.#last = begins;
    await this.#options.way.taken();
    if (before) await this.#options.work.slot(before);
    if (this.#last === begins) this.#last = undefined;
    const running = this.#runOrHold(run);
    begun();
    return running;
  }

  /** Resolves when all that has come so far has begun, or is held. */
  async begun(): Promise<void> {
    if (this.#last) await this.#options.work.slot(this.#last);
  }

  async #runOrHold(run: Run): Promise<void> {
    if (this.#options.reach.cut === 'none' && !this.#catchingUp && this.#held.length === 0) await run();
    else this.#held.push(run);
  }

  async #catchUp(): Promise<void> {
    const { reach } = this.#options;
    this.#catchingUp = true;
    try {
      for (let next = this.#held.shift(); next; next = reach.cut === 'none' ? this.#held.shift() : undefined) await next();
    } finally {
      this.#catchingUp = false;
    }
  }
}
