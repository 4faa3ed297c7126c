import { microsoft365 } from '@isesim/bus';
import type { StandingFaults } from '@isesim/domain';

export interface TellFaultsOptions {
  readonly nodes: readonly string[];
  readonly standingFor: (agent: string) => StandingFaults;
  /** False for whoever does not run or is paused: it is told later. */
  readonly listens: (agent: string) => boolean;
  readonly ask: (agent: string, standing: StandingFaults) => Promise<unknown>;
}

const nothing: StandingFaults = { faults: [], isolated: false };

/** Keeps every node and the double told of the faults that stand for it. */
export class TellFaults {
  readonly #options: TellFaultsOptions;
  readonly #told = new Map<string, string>();
  #lane: Promise<void> = Promise.resolve();

  constructor(options: TellFaultsOptions) {
    this.#options = options;
  }

  /** What a node or the double is to know from its start. */
  atStart(agent: string): StandingFaults {
    const standing = this.#options.standingFor(agent);
    this.#told.set(agent, JSON.stringify(standing));
    return standing;
  }

  /** Tells those for whom something has changed, one after the other. */
  tell(): Promise<void> {
    const turn = this.#lane.then(() => this.#tell());
    this.#lane = turn.catch(() => undefined);
    return turn;
  }

  async #tell(): Promise<void> {
    const { nodes, standingFor, listens, ask } = this.#options;
    for (const agent of [microsoft365, ...nodes]) {
      const standing = standingFor(agent);
      const text = JSON.stringify(standing);
      if (text === (this.#told.get(agent) ?? JSON.stringify(nothing)) || !listens(agent)) continue;
      await ask(agent, standing);
      this.#told.set(agent, text);
    }
  }
}
