import { OutdatedWrite, type Stream } from '@isesim/bus';
import type { Clock, Instant, Store } from '@isesim/domain';
import type { NatsWay } from './nats-way.ts';
import type { NodeBus } from './reachable-bus.ts';
import type { Reach } from './reach.ts';

export interface OwedAlarmsOptions {
  readonly bus: NodeBus;
  readonly reach: Reach;
  readonly way: NatsWay;
  /** The node's disk: what it owes outlives it. */
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** Starts a piece of work that nobody awaits. */
  readonly start: (what: string, run: () => Promise<void>) => void;
}

const storedName = 'owed-alarms.json';

/** Alarms that do not reach the others at once: told when the node reaches them again, or when the way has let them through. */
export class OwedAlarms {
  readonly #options: OwedAlarmsOptions;
  readonly #owed = new Map<string, unknown>();
  // An alarm's id comes from its moment, so only those that were told at one moment can be raised again.
  readonly #told = new Set<string>();
  #toldAt: Instant;

  constructor(options: OwedAlarmsOptions) {
    this.#options = options;
    this.#toldAt = options.clock.now();
    options.reach.onRestored(async () => {
      for (const subject of [...this.#owed.keys()]) await this.#tell(subject);
    });
  }

  /** Takes up what the node owed when it ended. */
  async restore(): Promise<void> {
    const text = await this.#options.store.read(storedName);
    for (const [subject, value] of Object.entries(JSON.parse(text ?? '{}') as Record<string, unknown>)) this.#takeOn(subject, value);
  }

  /** Whether an alarm that is raised now is owed. */
  get apply(): boolean {
    const { reach, way } = this.#options;
    return reach.cut !== 'none' || way.late;
  }

  /** Remembers an alarm that was told. */
  told(subject: string): void {
    const now = this.#options.clock.now();
    if (now !== this.#toldAt) this.#told.clear();
    this.#toldAt = now;
    this.#told.add(subject);
  }

  /** Resolves when it is on disk. Throws `OutdatedWrite` when this node has raised the alarm at this moment before. */
  async owe(subject: string, value: unknown): Promise<void> {
    if (this.#owed.has(subject) || this.#told.has(subject)) throw new OutdatedWrite(subject);
    this.#takeOn(subject, value);
    await this.#keep();
  }

  #takeOn(subject: string, value: unknown): void {
    this.#owed.set(subject, value);
    const { reach, way, start } = this.#options;
    if (reach.cut !== 'none') return;
    start(`${subject} on its way`, async () => {
      await way.sent();
      // Cut off meanwhile, it is told with the others when that has ended.
      if (reach.cut === 'none') await this.#tell(subject);
    });
  }

  async #tell(subject: string): Promise<void> {
    if (!this.#owed.has(subject)) return;
    const { bus } = this.#options;
    await bus.writeFenced(bus.streams.alarms as Stream<unknown>, subject, this.#owed.get(subject), 'subject is new').catch(unlessKnown);
    this.#owed.delete(subject);
    this.told(subject);
    await this.#keep();
  }

  #keep(): Promise<void> {
    return this.#options.store.write(storedName, JSON.stringify(Object.fromEntries(this.#owed)));
  }
}

function unlessKnown(error: unknown): void {
  if (!(error instanceof OutdatedWrite)) throw error;
}
