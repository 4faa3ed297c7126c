/** A list kept in order; of equals, the one that was added first comes first. */
export class OrderedList<T> {
  readonly #compare: (one: T, other: T) => number;
  readonly #all: T[] = [];

  constructor(compare: (one: T, other: T) => number) {
    this.#compare = compare;
  }

  get first(): T | undefined {
    return this.#all[0];
  }

  add(each: T): void {
    this.#all.splice(this.#placeBehind(each), 0, each);
  }

  /** False when it is not there. */
  delete(each: T): boolean {
    for (let place = this.#placeBehind(each) - 1; place >= 0; place -= 1) {
      const found = this.#all[place] as T;
      if (found === each) return this.#all.splice(place, 1).length > 0;
      if (this.#compare(found, each) !== 0) return false;
    }
    return false;
  }

  takeFirst(): T | undefined {
    return this.#all.shift();
  }

  clear(): void {
    this.#all.length = 0;
  }

  #placeBehind(each: T): number {
    let [from, to] = [0, this.#all.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#compare(this.#all[middle] as T, each) <= 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
