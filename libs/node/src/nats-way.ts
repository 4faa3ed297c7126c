import { natsName, type Instant } from '@isesim/domain';
import type { LinkFaults } from './link-faults.ts';

/** The way between a node and NATS: what is sent on it, and what comes, may be late. A node joins as if it were not, since a boot takes no simulated time. */
export class NatsWay {
  readonly #links: Pick<LinkFaults, 'delays' | 'passing'>;
  #joined = false;

  constructor(links: Pick<LinkFaults, 'delays' | 'passing'>) {
    this.#links = links;
  }

  /** From here on messages are late. */
  joined(): void {
    this.#joined = true;
  }

  get late(): boolean {
    return this.#joined && this.#links.delays(natsName);
  }

  /** Waits until what the node sends now has arrived; false when that is not before `due`. */
  async sent(due?: Instant): Promise<boolean> {
    return !this.late || this.#links.passing(natsName, 'sent', due);
  }

  /** Waits until what comes now is there. */
  async taken(): Promise<void> {
    if (this.late) await this.#links.passing(natsName, 'taken');
  }
}
