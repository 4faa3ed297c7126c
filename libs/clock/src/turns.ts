import { nameOf, type WorkReport } from '@isesim/domain';
import { compareItems } from './compare-items.ts';

type Reports = ReadonlyMap<string, WorkReport | undefined>;

/** Whose turn it is, where one thing begins at a time. Among equals the order of the agents' names decides. */
export class Turns {
  readonly #places: ReadonlyMap<string, number>;

  constructor(names: readonly string[]) {
    this.#places = new Map(names.map((name, place) => [name, place]));
  }

  /** The agent that holds what comes first of all that has come in. */
  firstHeld(reports: Reports): string | undefined {
    return this.#first(reports, ({ held }) => held, compareItems);
  }

  /** The agent whose timer is due first. */
  firstDue(reports: Reports): string | undefined {
    return this.#first(reports, ({ nextDue }) => nextDue, (one, other) => one - other);
  }

  #first<T>(reports: Reports, valueOf: (report: WorkReport) => T | undefined, compare: (one: T, other: T) => number): string | undefined {
    let best: { readonly agent: string; readonly value: T } | undefined;
    for (const [agent, report] of reports) {
      const value = report && valueOf(report);
      if (value === undefined) continue;
      const by = best ? compare(value, best.value) || this.#compareAgents(agent, best.agent) : -1;
      if (by < 0) best = { agent, value };
    }
    return best?.agent;
  }

  #compareAgents(one: string, other: string): number {
    return this.#placeOf(one) - this.#placeOf(other) || (one < other ? -1 : 1);
  }

  #placeOf(agent: string): number {
    return this.#places.get(nameOf(agent)) ?? this.#places.size;
  }
}
