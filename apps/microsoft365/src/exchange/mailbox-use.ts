import { dayMs, hourMs, type ExchangeLimits, type Instant } from '@isesim/domain';
import { DeliverySchedule } from './delivery-schedule.ts';
import { RollingCount } from './rolling-count.ts';

/** A message from `354` to its answer. */
export interface Underway {
  readonly begun: Instant;
  /** Known from the final dot on. */
  ends?: Instant;
}

/** What is counted of one mailbox, over all connections of all its clients, in simulated time. */
export class MailboxUse {
  readonly recipients = new RollingCount(dayMs);
  readonly sendAsDenials = new RollingCount(hourMs);
  readonly deliveries = new DeliverySchedule();
  readonly #underway = new Set<Underway>();

  begin(now: Instant): Underway {
    const underway: Underway = { begun: now };
    this.#underway.add(underway);
    return underway;
  }

  end(underway: Underway): void {
    this.#underway.delete(underway);
  }

  /**
   * Whether as many others as may be are under way for some simulated time when `underway` has come to its final dot: those
   * that are being submitted, and those that began before it and are still coming in. What begins and ends within one instant
   * overlaps with nothing, so that without latency the real speed of this machine decides nothing.
   */
  isCrowded(underway: Underway, now: Instant, { concurrentSubmissions = Infinity }: ExchangeLimits): boolean {
    const all = [...this.#underway];
    const place = all.indexOf(underway);
    const beside = all.filter(({ begun, ends }, index) => (ends === undefined ? begun < now && index < place : ends > now));
    return beside.length >= concurrentSubmissions;
  }
}

/** The use of each mailbox; addresses mean the same in either case. */
export class MailboxUses {
  readonly #uses = new Map<string, MailboxUse>();

  of(address: string): MailboxUse {
    const key = address.toLowerCase();
    const use = this.#uses.get(key) ?? new MailboxUse();
    this.#uses.set(key, use);
    return use;
  }
}
