import { mailId } from '@isesim/domain';

/** Gives each arrival an id: that of its Message-ID for the first, `<id>.2`, `<id>.3` … when the same one comes again. */
export class Arrivals {
  readonly #taken = new Set<string>();

  take(messageId: string): string {
    const first = mailId(messageId);
    let id = first;
    for (let arrival = 2; this.#taken.has(id); arrival += 1) id = `${first}.${arrival}`;
    this.#taken.add(id);
    return id;
  }

  /** The arrival came to nothing: the next one gets its id. */
  release(id: string): void {
    this.#taken.delete(id);
  }
}

/** To be thrown when a record of that id stands already, from before the double was last started. */
export class IdTaken extends Error {
  constructor(id: string) {
    super(`a mail is recorded under ${id} already`);
    this.name = 'IdTaken';
  }
}
