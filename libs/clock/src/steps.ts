import type { Instant } from '@isesim/domain';
import { isQuiet, isSettled } from './blockers.ts';
import type { Grants } from './grants.ts';
import type { Looks } from './looks.ts';
import type { Members } from './members.ts';
import type { Turns } from './turns.ts';

export interface StepsOptions {
  readonly members: Members;
  readonly grants: Grants;
  readonly looks: Looks;
  readonly turns: Turns;
}

/** How things come to happen: when all is quiet, what is due first is done, by all at once or, in fixed order, one thing at a time. */
export class Steps {
  readonly #options: StepsOptions;
  #becomingQuiet: Promise<void> | undefined;
  #stopped = false;

  constructor(options: StepsOptions) {
    this.#options = options;
  }

  /** Resolves when nothing is open, on its way, or held. */
  quiet(): Promise<void> {
    // However many wait for it, one look a report answers them all.
    this.#becomingQuiet ??= this.#options.looks.until(() => this.#isQuiet()).finally(() => { this.#becomingQuiet = undefined; });
    return this.#becomingQuiet;
  }

  /** Moves time to `to`, step by step, the end included. */
  async advance(to: Instant): Promise<void> {
    const { members, grants } = this.#options;
    for (;;) {
      await this.quiet();
      const due = members.nextDue();
      if (due === undefined || due > to) break;
      await this.#happen(Math.max(grants.now, due));
    }
    grants.now = Math.max(grants.now, to);
    await grants.tell(members.doubles);
  }

  /** In fixed order: when nothing is open or on its way, the one thing that comes first begins. */
  grantTurn(): void {
    const { members, grants, turns } = this.#options;
    if (!grants.inOrder || this.#stopped) return;
    const first = turns.firstHeld(members.reports);
    if (first !== undefined && isSettled(members)) grants.grant(first, { turn: 'held' });
  }

  stop(): void {
    this.#stopped = true;
  }

  /** One step: those who could act at `time` without a message that names it are told it first, then what is due starts. */
  async #happen(time: Instant): Promise<void> {
    const { grants } = this.#options;
    grants.now = time;
    const due = this.#dueAt(time);
    await grants.tell(this.#hearsOnlyBySocket(due));
    for (const agent of due) grants.grant(agent, grants.inOrder ? { turn: 'timer' } : { go: true });
  }

  #dueAt(time: Instant): string[] {
    const { members, grants, turns } = this.#options;
    if (!grants.inOrder) return members.reporting(({ nextDue }) => nextDue !== undefined && nextDue <= time);
    const first = turns.firstDue(members.reports);
    return first === undefined ? [] : [first];
  }

  #isQuiet(): boolean {
    const { members, grants, turns } = this.#options;
    return isQuiet(members) && !(grants.inOrder && turns.firstHeld(members.reports) !== undefined);
  }

  /**
   * SMTP carries no simulated time: the double must know it before any node acts, and a node that waits for the double
   * must know it before the double wakes.
   */
  #hearsOnlyBySocket(due: readonly string[]): string[] {
    const { members, grants } = this.#options;
    const { double } = members;
    if (double === undefined) return [];
    const waiting = due.includes(double) ? members.reporting((report) => report.waiting.length > 0) : [];
    return [...new Set([double, ...waiting])].filter((agent) => !grants.knowsTheTime(agent));
  }
}
