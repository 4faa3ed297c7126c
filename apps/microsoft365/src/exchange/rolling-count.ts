import type { Instant } from '@isesim/domain';

/** How much there was within the last `periodMs` of simulated time. */
export class RollingCount {
  readonly #periodMs: number;
  readonly #counted: { readonly at: Instant; count: number }[] = [];
  #total = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  add(count: number, now: Instant): void {
    const last = this.#counted.at(-1);
    if (last?.at === now) last.count += count;
    else this.#counted.push({ at: now, count });
    this.#total += count;
  }

  upTo(now: Instant): number {
    while ((this.#counted[0]?.at ?? Infinity) <= now - this.#periodMs) this.#total -= this.#counted.shift()?.count ?? 0;
    return this.#total;
  }
}
