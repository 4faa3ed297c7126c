/** Waits for something that only reports can make true: whoever waits looks again at each of them, and a stall is watched for. */
export class Looks {
  readonly #looks = new Set<() => void>();
  readonly #watchStall: () => () => void;

  /** `watchStall` begins to watch and returns what ends that; each look begins it anew. */
  constructor(watchStall: () => () => void) {
    this.#watchStall = watchStall;
  }

  look(): void {
    for (const look of [...this.#looks]) look();
  }

  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      let cancelStall = this.#watchStall();
      const look = () => {
        cancelStall();
        if (!holds()) {
          cancelStall = this.#watchStall();
          return;
        }
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
    });
  }
}
