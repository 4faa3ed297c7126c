import type { Grant, Instant } from '@isesim/domain';
import type { Looks } from './looks.ts';
import type { Members } from './members.ts';

export interface GrantsOptions {
  readonly start: Instant;
  readonly send: (agent: string, grant: Grant) => void;
  readonly members: Members;
  readonly looks: Looks;
}

export interface Granting {
  readonly go?: boolean;
  readonly turn?: 'held' | 'timer';
  readonly incarnations?: Record<string, string> | undefined;
}

/** What time it is, and the word of it to the agents: each grant is numbered, so that a report tells which it knew of. */
export class Grants {
  now: Instant;
  readonly #options: GrantsOptions;
  readonly #told = new Map<string, Instant>();
  #inOrder = false;

  constructor(options: GrantsOptions) {
    this.#options = options;
    this.now = options.start;
  }

  get inOrder(): boolean {
    return this.#inOrder;
  }

  /** From here on every grant says that the order is fixed. */
  putInOrder(): void {
    this.#inOrder = true;
  }

  grant(agent: string, { go = false, turn, incarnations }: Granting): void {
    const { members, send } = this.#options;
    // It may have died since it was found to be due.
    if (!members.granted.has(agent)) return;
    const number = (members.granted.get(agent) ?? 0) + 1;
    members.granted.set(agent, number);
    this.#told.set(agent, this.now);
    send(agent, {
      number,
      time: this.now,
      go,
      ...(turn ? { turn } : {}),
      ...(this.#inOrder && !members.isOnlooker(agent) ? { inOrder: true } : {}),
      ...(incarnations ? { incarnations } : {}),
    });
  }

  /** Resolves when all of them know the time, those that die or are suspended meanwhile left out. */
  async tell(agents: readonly string[], incarnations?: Record<string, string>): Promise<void> {
    const { members, looks } = this.#options;
    for (const agent of agents) this.grant(agent, { incarnations });
    await looks.until(() =>
      agents.every((agent) => {
        const given = members.granted.get(agent);
        return given === undefined || !members.reports.has(agent) || members.reports.get(agent)?.obeyed === given;
      }),
    );
  }

  /** Asks what is open there; nothing to obey, so without a number. */
  ask(agent: string): void {
    this.#options.send(agent, { number: 0, time: this.now, go: false, asks: true });
  }

  knowsTheTime(agent: string): boolean {
    return this.#told.get(agent) === this.now;
  }

  forget(agent: string): void {
    this.#told.delete(agent);
  }
}
