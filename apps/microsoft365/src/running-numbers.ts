import type { Instant } from '@isesim/domain';

/**
 * Tells apart what one client does at one instant, whose ids follow from address and instant. Each client has numbers of its
 * own: which of two nodes comes first at an instant must change nothing.
 */
export class RunningNumbers {
  readonly #taken = new Map<string, number>();
  #instant: Instant | undefined;

  /** `cause`, which names the client and the instant; with a number behind it from the second time on. */
  numbered(cause: string, now: Instant): string {
    if (now !== this.#instant) this.#taken.clear();
    this.#instant = now;
    const number = (this.#taken.get(cause) ?? 0) + 1;
    this.#taken.set(cause, number);
    return number === 1 ? cause : `${cause} ${number}`;
  }
}
