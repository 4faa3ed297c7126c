import { OutdatedWrite, type Bus } from '@isesim/bus';
import type { MailEnd, Notification, Persona } from '@isesim/domain';

/** What an outbox needs of the bus. */
export type OutboxBus = Pick<Bus, 'streams' | 'subjects' | 'follow' | 'readLast' | 'readAll' | 'writeFenced' | 'writeOnce'>;

export interface OutboxOptions {
  readonly bus: OutboxBus;
  readonly persona: Persona;
  /** The node that owns the outbox. */
  readonly node: string;
}

/**
 * What a node owes by one of its personas: notifications that were decided, durably, and their ends. An entry is done when
 * its end is in the outcome stream, never because it was deleted or acknowledged: those are lost when the server is killed.
 */
export class Outbox {
  readonly persona: Persona;
  readonly node: string;
  readonly #bus: OutboxBus;

  constructor({ bus, persona, node }: OutboxOptions) {
    this.#bus = bus;
    this.persona = persona;
    this.node = node;
  }

  /** Resolves when the notification is durable; `known` when it stood there before, and is or was seen to already. */
  async enqueue(notification: Notification): Promise<'new' | 'known'> {
    if (await this.has(notification)) return 'known';
    try {
      // Not as what is written once: of two who tell the same fact at once only one may be told that it was new.
      await this.#bus.writeFenced(this.#stream(), this.#subject(notification), notification, 'subject is new');
      return 'new';
    } catch (error) {
      if (error instanceof OutdatedWrite) return 'known';
      throw error;
    }
  }

  async has(notification: Notification): Promise<boolean> {
    return (await this.#bus.readLast(this.#stream(), this.#subject(notification))) !== undefined;
  }

  /** Every entry without an end, oldest first. */
  async *undone(): AsyncGenerator<Notification> {
    for await (const { value } of this.#bus.readAll(this.#stream())) {
      if (!(await this.endOf(value.id))) yield value;
    }
  }

  /** Takes every entry, done or not, oldest first, and each new one as it is written. */
  async follow(take: (notification: Notification) => void): Promise<void> {
    await this.#bus.follow(this.#stream(), ({ value }) => { take(value); });
  }

  async endOf(notificationId: string): Promise<MailEnd | undefined> {
    return (await this.#bus.readLast(this.#bus.streams.outcomes, this.#outcome(notificationId)))?.value;
  }

  async end(end: MailEnd): Promise<void> {
    try {
      await this.#bus.writeOnce(this.#bus.streams.outcomes, this.#outcome(end.notificationId), end);
    } catch (error) {
      // Two attempts of one mail ended at once, as after a takeover: the first end stands.
      if (!(error instanceof OutdatedWrite)) throw error;
    }
  }

  #stream() {
    return this.#bus.streams.outbox(this.persona, this.node);
  }

  #subject({ purpose, id }: Notification): string {
    return this.#bus.subjects.outbox(this.persona, this.node, purpose, id);
  }

  #outcome(id: string): string {
    return this.#bus.subjects.outcome(this.persona, this.node, id);
  }
}
