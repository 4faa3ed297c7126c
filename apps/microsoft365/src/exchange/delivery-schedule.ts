import { minuteMs, type Instant } from '@isesim/domain';

/** When a mailbox's accepted mails are delivered: no more than so many in any minute, in the order of their acceptance. */
export class DeliverySchedule {
  /** The latest ones, in order, some of them still to come. */
  readonly #deliveries: Instant[] = [];

  /** Simulated instant at which a mail that is accepted now will be delivered. */
  place(now: Instant, perMinute: number): Instant {
    const waitedFor = this.#deliveries.at(-perMinute);
    const at = Math.max(now, this.#deliveries.at(-1) ?? now, waitedFor === undefined ? now : waitedFor + minuteMs);
    this.#deliveries.push(at);
    if (this.#deliveries.length > perMinute) this.#deliveries.splice(0, this.#deliveries.length - perMinute);
    return at;
  }

  /** The mail was not accepted after all. */
  release(at: Instant): void {
    const index = this.#deliveries.lastIndexOf(at);
    if (index >= 0) this.#deliveries.splice(index, 1);
  }
}
