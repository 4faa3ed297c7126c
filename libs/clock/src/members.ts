import { nameOf, type Instant, type WorkReport } from '@isesim/domain';
import type { QuietView } from './blockers.ts';
import { addressOf } from './names.ts';

export interface Admission {
  /** Where its connections to the double come from. */
  readonly address?: string;
  readonly double?: boolean;
  /** Nothing in it waits for a turn: whatever it does in answer to what it takes begins outside, by `touch`. */
  readonly onlooker?: boolean;
}

interface Suspended {
  readonly report: WorkReport | undefined;
  readonly address: string | undefined;
}

/**
 * The incarnations that the clock knows, and the latest report of each: all that there is to judge by whether anything is
 * open. A paused one has none here, so that time passes without it.
 */
export class Members implements QuietView {
  readonly reports = new Map<string, WorkReport | undefined>();
  readonly granted = new Map<string, number>();
  readonly addresses = new Map<string, string>();
  readonly closedBefore = new Map<string, number | undefined>();
  readonly floor: Record<string, number> = {};
  readonly #suspended = new Map<string, Suspended>();
  readonly #onlookers = new Set<string>();
  #double: string | undefined;

  get double(): string | undefined {
    return this.#double;
  }

  /** The double, as whoever is to be told something; empty when there is none. */
  get doubles(): string[] {
    return this.#double === undefined ? [] : [this.#double];
  }

  admit(agent: string, { address, double = false, onlooker = false }: Admission): void {
    if (onlooker) this.#onlookers.add(agent);
    this.reports.set(agent, undefined);
    this.granted.set(agent, 0);
    if (address !== undefined) this.addresses.set(agent, address);
    if (double) this.#double = agent;
  }

  /** Leaves its address, whose connections have yet to close. */
  strike(agent: string): void {
    this.takeIn(agent);
    this.reports.delete(agent);
    this.granted.delete(agent);
    this.#onlookers.delete(agent);
    if (this.#double === agent) this.#double = undefined;
  }

  suspend(agent: string): void {
    this.#suspended.set(agent, { report: this.reports.get(agent), address: this.addresses.get(agent) });
    this.reports.delete(agent);
    this.addresses.delete(agent);
  }

  /** Ends a suspension; false when there is none. */
  takeIn(agent: string): boolean {
    const suspended = this.#suspended.get(agent);
    if (!suspended) return false;
    this.#suspended.delete(agent);
    this.reports.set(agent, suspended.report);
    if (suspended.address !== undefined) this.addresses.set(agent, suspended.address);
    return true;
  }

  /** Keeps a report; false when it changes nothing now: its agent is suspended, or has given a later one. */
  keep(report: WorkReport): boolean {
    const suspended = this.#suspended.get(report.agent);
    if (suspended) {
      this.#suspended.set(report.agent, { ...suspended, report });
      return false;
    }
    const known = this.reports.get(report.agent);
    if (known && known.number >= report.number) return false;
    this.reports.set(report.agent, report);
    return true;
  }

  /** What streams are known to hold, whoever wrote it. */
  raiseFloor(lastSequences: Readonly<Record<string, number>>): void {
    for (const [stream, sequence] of Object.entries(lastSequences)) {
      this.floor[stream] = Math.max(this.floor[stream] ?? 0, sequence);
    }
  }

  isOnlooker(agent: string): boolean {
    return this.#onlookers.has(agent);
  }

  /** The earliest due time that any has reported. */
  nextDue(): Instant | undefined {
    let least: Instant | undefined;
    for (const report of this.reports.values()) {
      const due = report?.nextDue;
      if (due !== undefined && (least === undefined || due < least)) least = due;
    }
    return least;
  }

  /**
   * Whether a client of the double that is no agent waits for simulated time. To be asked when all is quiet: before, a node may
   * not have told yet that it is the one who waits.
   */
  outsiderWaits(): boolean {
    const sleeping = (this.#double === undefined ? undefined : this.reports.get(this.#double)?.sleeping) ?? [];
    if (sleeping.length === 0) return false;
    const paused = [...this.#suspended.values()];
    const addresses = new Set([...this.addresses.values(), ...paused.map(({ address }) => address)]);
    const waiting = new Set([...this.reports.values(), ...paused.map(({ report }) => report)].flatMap((report) => report?.waiting ?? []));
    return sleeping.some((connection) => !addresses.has(addressOf(connection)) && !waiting.has(connection));
  }

  reporting(holds: (report: WorkReport, agent: string) => boolean): string[] {
    return [...this.reports].filter(([agent, report]) => report && holds(report, agent)).map(([agent]) => agent);
  }

  /** By name, those that are not the first of their name. */
  laterIncarnations(): Record<string, string> {
    return Object.fromEntries([...this.granted.keys()].filter((agent) => !agent.endsWith('#1')).map((agent) => [nameOf(agent), agent]));
  }
}
