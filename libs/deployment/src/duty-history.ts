import { promotionFault, type Bus, type ConfigurationWrite, type StoredMessage } from '@isesim/bus';
import { holdersAt, Problem, type DeploymentNode, type Duty, type DutyChange, type DutyHolders, type Instant } from '@isesim/domain';

/** Who held the duties when. The deployment keeps it, not the nodes: it judges them by it. */
export class DutyHistory {
  readonly #changes: DutyChange[] = [];
  readonly #waiting = new Set<() => void>();
  #epoch = 0;

  get changes(): readonly DutyChange[] {
    return this.#changes;
  }

  /** Reads what was kept, or begins with the roles of the topology; from then on it follows the promotions. */
  async open(store: Bus, nodes: readonly DeploymentNode[], since: Instant): Promise<void> {
    for await (const { value } of store.readAll(store.streams.history)) this.#changes.push(value);
    if (this.#changes.length === 0) await this.#change(store, { since, holders: holdersByRole(nodes) });
    let last = 0;
    for await (const message of store.readAll(store.streams.config)) {
      await this.#take(store, message);
      last = message.sequence;
    }
    await store.follow(store.streams.config, (message) => this.#take(store, message), { from: last + 1, onUnreadable: () => undefined });
  }

  /** Resolves when it is known who is the primary PAN of this epoch. */
  async reached(epoch: number): Promise<void> {
    while (this.#epoch < epoch) await new Promise<void>((resolve) => { this.#waiting.add(resolve); });
  }

  async #take(store: Bus, message: StoredMessage<ConfigurationWrite>): Promise<void> {
    const primary = this.#promoted(message);
    if (primary === undefined) return;
    try {
      if (!this.#knows(primary, message.time)) await this.#change(store, { since: message.time, holders: { ...this.#changes.at(-1)?.holders, 'primary PAN': primary } });
    } finally {
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    }
  }

  /** Whether the history has it that `primary` became the primary PAN at `time`, or was it. */
  #knows(primary: string, time: Instant): boolean {
    const isIt = ({ holders }: Pick<DutyChange, 'holders'>) => holders['primary PAN'] === primary;
    return isIt({ holders: this.at(time) }) || this.#changes.some((change) => change.since === time && isIt(change));
  }

  /** Whom a write makes the primary PAN, if it counts. */
  #promoted(message: StoredMessage<ConfigurationWrite>): string | undefined {
    const { value } = message;
    if (value.kind !== 'epoch' || promotionFault({ ...message, value }, this.#epoch) !== undefined) return undefined;
    this.#epoch = value.epoch;
    return value.primary;
  }

  async #change(store: Bus, change: DutyChange): Promise<void> {
    this.#changes.push(change);
    await store.writeOnce(store.streams.history, store.subjects.duty(this.#changes.length), change);
  }

  at(instant: Instant): DutyHolders {
    return holdersAt(this.#changes, instant);
  }

  /** Throws a `Problem` when nobody holds `duty` at `instant`. */
  holderOf(duty: Duty, instant: Instant): string {
    const name = this.at(instant)[duty];
    if (name !== undefined) return name;
    throw new Problem('refused', 'no-holder', `no node is ${duty}`, 'Look at "isesim status".');
  }
}

function holdersByRole(nodes: readonly DeploymentNode[]): DutyHolders {
  const primary = (persona: 'pan' | 'mnt') => nodes.find(({ roles }) => roles[persona] === 'primary')?.name;
  const [pan, mnt] = [primary('pan'), primary('mnt')];
  return { ...(pan === undefined ? {} : { 'primary PAN': pan }), ...(mnt === undefined ? {} : { 'active MnT': mnt }) };
}
