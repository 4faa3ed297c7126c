import { OutdatedWrite, type Bus, type ConfigurationWrite, type StoredMessage } from '@isesim/bus';
import { Problem, seal, unseal, type HeldConfiguration, type Page, type PageName, type PageThatMayLack, type SealingKey, type Store, type Work } from '@isesim/domain';
import { applyWrite, emptyConfiguration } from './apply-write.ts';

export interface SettingsReplicationOptions {
  readonly bus: Pick<Bus, 'streams' | 'subjects' | 'follow' | 'writeFenced'>;
  /** This node's name, as in its subjects. */
  readonly node: string;
  readonly key: SealingKey;
  readonly store: Store;
  /** Counts who waits for another write of this node, and what is kept beside all else; needed where the clock is simulated. */
  readonly work?: Pick<Work, 'slot' | 'aside'>;
  /** Told of a write that is not applied, and why. */
  readonly onDropped: (reason: string) => void;
}

/** What is to be on settings pages; a page that a deployment can be without is emptied by null. */
export type PageChanges = { readonly [Name in PageName]?: Page<Name> | (Name extends PageThatMayLack ? null : never) };

const storedName = 'configuration.json';
// In the subject of a write stands which page it is of.
const severalPages = 'pages';
// Each round means that somebody else wrote in between; this many in a row is no accident.
const writeRoundsMax = 5;

/**
 * Carries the primary PAN's configuration to every node. Each node follows the stream, applies what is fenced, keeps the
 * last state in its own store and works from it when it is cut off.
 */
export class SettingsReplication {
  readonly #options: SettingsReplicationOptions;
  readonly #listeners = new Set<(held: HeldConfiguration) => void | Promise<void>>();
  #held = emptyConfiguration;
  #seen = 0;
  #catchUp: () => Promise<void> = () => Promise.resolve();
  #keeping: Promise<void> | undefined;
  #unkept = false;
  #lane: Promise<unknown> | undefined;

  /** Resolves when the node holds the configuration as it is now. */
  static async open(options: SettingsReplicationOptions): Promise<SettingsReplication> {
    const replication = new SettingsReplication(options);
    await replication.#restore();
    const { bus } = options;
    const follow = await bus.follow(bus.streams.config, (message) => replication.#take(message), {
      from: replication.#seen + 1,
      onUnreadable: ({ sequence, unreadable }) => {
        replication.#drop(sequence, unreadable);
      },
    });
    replication.#catchUp = () => follow.catchUp();
    return replication;
  }

  private constructor(options: SettingsReplicationOptions) {
    this.#options = options;
  }

  held(): HeldConfiguration {
    return this.#held;
  }

  /** Calls `listener` after each change that was applied. */
  onChange(listener: (held: HeldConfiguration) => void | Promise<void>): void {
    this.#listeners.add(listener);
  }

  /** Makes this node the primary PAN: from here on the server refuses what the former one writes. */
  async promote(): Promise<void> {
    const { node } = this.#options;
    await this.#write('epoch', () => ({ kind: 'epoch', epoch: this.#held.epoch + 1, primary: node }));
  }

  /**
   * Writes pages, all or none of them, and returns their revision; null empties a page, as if nobody had ever saved it. Throws
   * `not-primary` on any node but the primary PAN.
   */
  async write(pages: PageChanges): Promise<number> {
    const { node, key } = this.#options;
    const [name = severalPages, ...others] = Object.keys(pages);
    const sealed = Object.fromEntries(Object.entries(pages).map(([page, value]) => [page, seal(value, key)]));
    return this.#write(others.length > 0 ? severalPages : name, () => {
      if (this.#held.primaryPan !== node) {
        throw new Problem('refused', 'not-primary', `${node} is not the primary PAN (${this.#held.primaryPan ?? 'none'} is)`, 'Change settings on the primary PAN.');
      }
      return { kind: 'pages', epoch: this.#held.epoch, pages: sealed };
    });
  }

  /** This node's own writes wait for each other: only another's can outdate one. */
  #write(subject: string, make: () => ConfigurationWrite): Promise<number> {
    const turn = this.#behind(this.#lane, () => this.#writeNow(subject, make));
    const lane = turn.catch(() => undefined).then(() => { if (this.#lane === lane) this.#lane = undefined; });
    this.#lane = lane;
    return turn;
  }

  async #behind<T>(lane: Promise<unknown> | undefined, run: () => Promise<T>): Promise<T> {
    if (lane) await (this.#options.work?.slot(lane) ?? lane);
    return run();
  }

  async #writeNow(subject: string, make: () => ConfigurationWrite): Promise<number> {
    const { bus, node } = this.#options;
    for (let round = 1; ; round += 1) {
      const write = make();
      try {
        const revision = await bus.writeFenced(bus.streams.config, bus.subjects.config(node, subject), write, this.#seen);
        await this.#catchUp();
        return revision;
      } catch (error) {
        if (!(error instanceof OutdatedWrite)) throw error;
        if (round === writeRoundsMax) throw outrun(node, error);
        await this.#catchUp();
      }
    }
  }

  async #take(message: StoredMessage<ConfigurationWrite>): Promise<void> {
    const applied = applyWrite(this.#held, message, this.#options.key);
    if ('dropped' in applied) {
      this.#drop(message.sequence, applied.dropped);
      return;
    }
    this.#seen = message.sequence;
    this.#held = applied.held;
    const kept = this.#keep();
    // One after the other: what two of them do side by side would come out in either order.
    for (const listener of [...this.#listeners]) await listener(applied.held);
    await kept;
  }

  /** A write that does not count still moves the stream on, and with it the fence. */
  #drop(sequence: number, reason: string): void {
    this.#seen = sequence;
    this.#options.onDropped(reason);
  }

  async #restore(): Promise<void> {
    const { store, key } = this.#options;
    const text = await store.read(storedName);
    if (text === undefined) return;
    try {
      const kept = unseal(JSON.parse(text), key) as { seen: number; held: HeldConfiguration };
      this.#held = { ...emptyConfiguration, ...kept.held };
      this.#seen = kept.seen;
    } catch {
      // The stream has it all: a file that was damaged or sealed by another deployment costs time, no more.
      this.#options.onDropped(`${storedName} cannot be read: the configuration is replicated anew`);
    }
  }

  /** Keeps the newest state; changes that come while the disk is busy are kept together. */
  #keep(): Promise<void> {
    this.#unkept = true;
    const { work } = this.#options;
    if (!work) return this.#keepNewest();
    if (!this.#keeping) work.aside('keep the configuration', () => this.#keepNewest());
    return Promise.resolve();
  }

  #keepNewest(): Promise<void> {
    this.#keeping ??= this.#writeUnkept().finally(() => { this.#keeping = undefined; });
    return this.#keeping;
  }

  async #writeUnkept(): Promise<void> {
    const { store, key } = this.#options;
    while (this.#unkept) {
      // What else changes in this turn is kept with it.
      await Promise.resolve();
      this.#unkept = false;
      await store.write(storedName, JSON.stringify(seal({ seen: this.#seen, held: this.#held }, key)));
    }
  }
}

function outrun(node: string, cause: OutdatedWrite): Problem {
  return new Problem('refused', 'outrun', `${node} wrote nothing: somebody else wrote the configuration ${writeRoundsMax} times meanwhile`, 'Try again; if it lasts, find out who writes: isesim status', { cause });
}
