/** Channels on which every hop takes a random number of turns of the event loop. */
export class RandomDelays {
  readonly #upTo: (n: number) => number;
  readonly #lanes = new Map<string, Promise<void>>();
  /** How much is on its way, or open at the double: while it is more than 0, time must not pass. */
  moving = 0;

  constructor(upTo: (n: number) => number) {
    this.#upTo = upTo;
  }

  /** One hop of something that matters. */
  async hop(): Promise<void> {
    this.moving += 1;
    await this.turns(6);
    this.moving -= 1;
  }

  /** Delivers after a while, in no order, what does not matter to time. */
  later(deliver: () => void): void {
    void this.turns(10).then(deliver);
  }

  /** Delivers behind all that went into the same lane before. */
  inLane(lane: string, matters: boolean, deliver: () => void): void {
    if (matters) this.moving += 1;
    const delivered = (this.#lanes.get(lane) ?? Promise.resolve()).then(() => this.turns(6)).then(() => {
      if (matters) this.moving -= 1;
      deliver();
    });
    this.#lanes.set(lane, delivered);
  }

  /** Fewer than `most` turns of the event loop. */
  async turns(most: number): Promise<void> {
    for (let left = this.#upTo(most); left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
