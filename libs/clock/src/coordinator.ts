import type { Grant, Instant, WorkReport } from '@isesim/domain';
import { blockers } from './blockers.ts';
import { Grants } from './grants.ts';
import { Lane } from './lane.ts';
import { Looks } from './looks.ts';
import { Members, type Admission } from './members.ts';
import { Pacing, type Pace } from './pacing.ts';
import { Stalls } from './stalls.ts';
import { Steps } from './steps.ts';
import { Succession } from './succession.ts';
import { Turns } from './turns.ts';
import type { Wall } from './wall.ts';

export interface CoordinatorOptions {
  readonly start: Instant;
  readonly wall: Wall;
  readonly send: (agent: string, grant: Grant) => void;
  /** Called when nothing has been reported for a while although something is open. */
  readonly onStall?: (blockers: string[]) => void;
  /** Told of a failure of what nobody awaits; when left out, it is an unhandled rejection. */
  readonly onDefect?: (what: string, error: unknown) => void;
  /**
   * `fixed`: one thing begins at a time, in an order that follows from causes alone, so that the same events give the same record.
   * `as it comes` (default): things begin when they arrive.
   */
  readonly order?: 'fixed' | 'as it comes';
  /** The agents' names in the order that decides among equals; agents that are not here come behind, by name. */
  readonly names?: readonly string[];
}

/**
 * The one clock of a deployment: a discrete-event simulation over agents that report. The earliest due work of any agent
 * is done first and completely, then time jumps on.
 */
export class Coordinator {
  readonly #order: CoordinatorOptions['order'];
  readonly #onDefect: CoordinatorOptions['onDefect'];
  readonly #members = new Members();
  readonly #lane = new Lane();
  readonly #stalls: Stalls;
  readonly #looks: Looks;
  readonly #grants: Grants;
  readonly #steps: Steps;
  readonly #succession: Succession;
  readonly #pacing: Pacing;
  #passesForOutsiders = false;

  constructor({ start, wall, send, onStall, onDefect, order, names = [] }: CoordinatorOptions) {
    const [members, lane] = [this.#members, this.#lane];
    const looks = new Looks(() => this.#stalls.watch());
    const grants = new Grants({ start, send, members, looks });
    this.#order = order;
    this.#onDefect = onDefect;
    this.#looks = looks;
    this.#grants = grants;
    this.#stalls = new Stalls({ wall, members, ask: (agent) => { grants.ask(agent); }, onStall });
    this.#steps = new Steps({ members, grants, looks, turns: new Turns(names) });
    this.#succession = new Succession({ members, grants, looks, onForgotten: () => { this.#look(); } });
    this.#pacing = new Pacing({ wall, members, grants, lane, advance: (to) => this.#steps.advance(to) });
  }

  now(): Instant {
    return this.#grants.now;
  }

  /** The time that a paced clock should show by the wall; work that takes longer than its gap makes the clock lag behind. */
  shownTime(): Instant {
    return this.#pacing.shownTime();
  }

  /** Expects an incarnation: time stands still until it has reported and was welcomed. `address`: where it connects from. */
  admit(agent: string, admission: Admission = {}): void {
    this.#members.admit(agent, admission);
  }

  /**
   * Writes a dead incarnation off. `lastSequences` are the streams' last sequences, read after its connection was gone: it
   * may have written what no report of its names.
   */
  strike(agent: string, lastSequences: Readonly<Record<string, number>>): void {
    this.#members.strike(agent);
    this.#grants.forget(agent);
    this.#members.raiseFloor(lastSequences);
    this.#look();
    void this.#succession.forgetConnections(agent);
  }

  /**
   * Leaves an incarnation out that is paused: time passes without it, and what is due there waits. `lastSequences` as for
   * `strike`.
   */
  suspend(agent: string, lastSequences: Readonly<Record<string, number>>): void {
    this.#members.suspend(agent);
    this.#members.raiseFloor(lastSequences);
    this.#look();
  }

  /** Takes a paused incarnation in again: what fell due meanwhile happens now. */
  resume(agent: string): void {
    if (!this.#members.takeIn(agent)) return;
    this.#succession.announceTo(agent);
    this.#look();
  }

  received(report: WorkReport): void {
    const { agent, open } = report;
    if (!this.#members.granted.has(agent)) return;
    if (open) {
      this.#stalls.answered(agent, open);
      return;
    }
    const known = this.#members.reports.get(agent);
    if (!this.#members.keep(report)) return;
    if (!known) void this.#succession.welcome(agent);
    this.#look();
    if (!this.#lane.busy) this.#pacing.goOn();
    void this.#passForOutsiders();
  }

  blockers(): string[] {
    return blockers(this.#members);
  }

  /** The earliest due time that any agent has reported. */
  nextDue(): Instant | undefined {
    return this.#members.nextDue();
  }

  /** Resolves when nothing is open and nothing is on its way: all that follows from what was done is done. */
  quiet(): Promise<void> {
    return this.#steps.quiet();
  }

  /**
   * Where the order is fixed, it holds from here on, for all agents that are there or come. Before, things begin as they come:
   * to be called before anything happens that the record tells of.
   */
  async putInOrder(): Promise<void> {
    if (this.#order !== 'fixed') return;
    await this.quiet();
    this.#grants.putInOrder();
    await this.#grants.tell([...this.#members.granted.keys()]);
  }

  /** Moves simulated time to `to`, doing all that falls due on the way, the end included. */
  advance(to: Instant): Promise<void> {
    return this.#lane.alone(async () => {
      await this.#steps.advance(to);
      this.#pacing.anchor();
    });
  }

  /** Stepped: lets pass the time that something takes until it is `done`, and no more; a paced clock does that by itself. */
  async passUntil(done: () => boolean): Promise<void> {
    while (this.#pacing.stepped) {
      await this.quiet();
      const due = this.nextDue();
      if (done() || due === undefined) return;
      await this.advance(due);
    }
  }

  /**
   * Before something from outside happens: brings the clock up to the wall, so that it carries the time of day; where the order
   * is fixed, lets what was done before have its effect first, unless that hangs.
   */
  async touch(): Promise<void> {
    if (this.#grants.inOrder) await this.#stalls.endOf(this.quiet());
    await this.#catchUpWithWall();
  }

  pace(pace: Pace): void {
    // The time that was shown under the old pace stays.
    void this.#catchUpWithWall();
    this.#pacing.set(pace);
  }

  stop(): void {
    this.#steps.stop();
    this.#pacing.stop();
    this.#stalls.stop();
  }

  /** Stepped: nobody would advance the clock for a client from outside, who cannot even know that there is one. */
  async #passForOutsiders(): Promise<void> {
    const noneWaits = () => !this.#members.outsiderWaits();
    // Whether one waits is certain only when all is quiet: then `passUntil` asks again, before any time passes.
    if (this.#passesForOutsiders || !this.#pacing.stepped || noneWaits()) return;
    this.#passesForOutsiders = true;
    try {
      await this.passUntil(noneWaits);
    } catch (error) {
      if (!this.#onDefect) throw error;
      this.#onDefect('time for a client from outside', error);
    } finally {
      this.#passesForOutsiders = false;
    }
  }

  async #catchUpWithWall(): Promise<void> {
    if (this.#pacing.stepped) return;
    this.#grants.now = this.shownTime();
    await this.#grants.tell(this.#members.doubles);
  }

  #look(): void {
    this.#looks.look();
    this.#steps.grantTurn();
  }
}
