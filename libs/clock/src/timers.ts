import type { Instant } from '@isesim/domain';
import { OrderedList } from './ordered-list.ts';

export interface Timer {
  readonly due: Instant;
  readonly number: number;
  readonly fire: () => void;
}

/** An agent's timers. They fire by a grant alone; of those due at one instant, the one that was set first fires first. */
export class Timers {
  readonly #all = new OrderedList<Timer>((one, other) => one.due - other.due || one.number - other.number);
  readonly #now: () => Instant;
  readonly #changed: () => void;
  #count = 0;
  #ended = false;

  constructor(now: () => Instant, changed: () => void) {
    this.#now = now;
    this.#changed = changed;
  }

  get nextDue(): Instant | undefined {
    return this.#all.first?.due;
  }

  add(due: Instant, fire: () => void): Timer {
    const timer = { due, number: this.#count++, fire };
    if (!this.#ended) this.#all.add(timer);
    this.#changed();
    return timer;
  }

  cancel(timer: Timer): void {
    if (this.delete(timer)) this.#changed();
  }

  /** Cancels without a word, for whoever changes more before the agent may report. False when it is not there. */
  delete(timer: Timer): boolean {
    return this.#all.delete(timer);
  }

  fireDue(): void {
    const last = this.#count;
    // A timer that is set meanwhile is due for the next grant.
    while (this.#all.first && this.#all.first.number < last && this.fireFirst());
  }

  /** False when none is due. */
  fireFirst(): boolean {
    const timer = this.#all.first;
    if (!timer || timer.due > this.#now()) return false;
    this.#all.takeFirst();
    timer.fire();
    return true;
  }

  /** None is left, and none can be set any more. */
  end(): void {
    this.#ended = true;
    this.#all.clear();
  }
}
