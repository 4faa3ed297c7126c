/** One mover of time at a time: the pacing and every advance wait for each other. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve();
  #moving = 0;

  get busy(): boolean {
    return this.#moving > 0;
  }

  /** Runs `move` when all that came before it have ended, well or not. */
  alone<T>(move: () => Promise<T>): Promise<T> {
    this.#moving += 1;
    const turn = this.#last.then(move).finally(() => {
      this.#moving -= 1;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
