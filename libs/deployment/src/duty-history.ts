import type { Bus } from '@isesim/bus';
import { holdersAt, Problem, type DeploymentNode, type Duty, type DutyChange, type DutyHolders, type Instant } from '@isesim/domain';

/** Who held the duties when. The deployment keeps it, not the nodes: it judges them by it. */
export class DutyHistory {
  readonly #changes: DutyChange[] = [];

  get changes(): readonly DutyChange[] {
    return this.#changes;
  }

  /** Reads what was kept; a deployment that is new begins with the roles of its topology. */
  async open(store: Bus, nodes: readonly DeploymentNode[], since: Instant): Promise<void> {
    for await (const { value } of store.readAll(store.streams.history)) this.#changes.push(value);
    if (this.#changes.length > 0) return;
    const change = { since, holders: holdersByRole(nodes) };
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
