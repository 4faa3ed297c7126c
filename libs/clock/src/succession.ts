import type { Grants } from './grants.ts';
import type { Looks } from './looks.ts';
import type { Members } from './members.ts';
import { addressOf } from './names.ts';

export interface SuccessionOptions {
  readonly members: Members;
  readonly grants: Grants;
  readonly looks: Looks;
  /** Called when all connections of a dead incarnation are closed. */
  readonly onForgotten: () => void;
}

/**
 * From one incarnation of a node to the next, which has its name and its address: what was sent to the old one, and what it
 * left at the double, must not be counted for the new one.
 */
export class Succession {
  readonly #options: SuccessionOptions;

  constructor(options: SuccessionOptions) {
    this.#options = options;
  }

  /**
   * The first grant lets a newcomer begin. Everybody takes a name for its first incarnation until told otherwise, so only
   * a later one is announced, and before it begins: what is still addressed to its predecessor is dropped, uncounted.
   */
  async welcome(newcomer: string): Promise<void> {
    const { members, grants, looks } = this.#options;
    const incarnations = members.laterIncarnations();
    if (!newcomer.endsWith('#1')) {
      const others = [...members.granted.keys()].filter((agent) => agent !== newcomer && members.reports.get(agent));
      await grants.tell(others, incarnations);
      // What the predecessor left could not be told from connections that the newcomer opens from the same address.
      await looks.until(() => !this.#awaitsCloses(members.addresses.get(newcomer)));
    }
    if (members.granted.has(newcomer)) grants.grant(newcomer, { go: true, incarnations });
  }

  /** Those who began while `agent` was suspended were not announced to it. */
  announceTo(agent: string): void {
    const incarnations = this.#options.members.laterIncarnations();
    if (Object.keys(incarnations).length > 0) this.#options.grants.grant(agent, { incarnations });
  }

  /** A dead incarnation's connections close by themselves; what the double has taken of them then counts for its successor. */
  async forgetConnections(agent: string): Promise<void> {
    const { members, grants, looks, onForgotten } = this.#options;
    const address = members.addresses.get(agent);
    const { double } = members;
    if (address === undefined || double === undefined) return;
    members.closedBefore.set(address, undefined);
    await grants.tell([double]);
    const far = () => members.reports.get(double);
    await looks.until(() => !far()?.connections.some((connection) => addressOf(connection) === address));
    members.addresses.delete(agent);
    members.closedBefore.set(address, far()?.closesTaken[address] ?? 0);
    onForgotten();
  }

  #awaitsCloses(address: string | undefined): boolean {
    const { closedBefore } = this.#options.members;
    return address !== undefined && closedBefore.has(address) && closedBefore.get(address) === undefined;
  }
}
