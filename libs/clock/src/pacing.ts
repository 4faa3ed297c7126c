import type { Instant } from '@isesim/domain';
import type { Grants } from './grants.ts';
import type { Lane } from './lane.ts';
import type { Members } from './members.ts';
import type { Wall } from './wall.ts';

/** How simulated time passes: only by `advance`, or with the wall, `factor` simulated seconds a second. */
export type Pace = 'stepped' | { readonly factor: number };

export interface PacingOptions {
  readonly wall: Wall;
  readonly members: Members;
  readonly grants: Grants;
  readonly lane: Lane;
  readonly advance: (to: Instant) => Promise<void>;
}

// Node timers take at most 2^31 ms, and a wall that is set back is noticed within this time.
const longestWaitMs = 1_000;

/** Simulated time by the wall. It still jumps from one due instant to the next, only not before the wall is there. */
export class Pacing {
  readonly #options: PacingOptions;
  #pace: Pace = 'stepped';
  #origin = { wall: 0, simulated: 0 };
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: PacingOptions) {
    this.#options = options;
  }

  get stepped(): boolean {
    return this.#pace === 'stepped';
  }

  /** The time by the wall, but not past what is due and not done yet; stepped, the time. */
  shownTime(): Instant {
    const { members, grants } = this.#options;
    if (this.#pace === 'stepped') return grants.now;
    const mapped = this.#mapped();
    const due = members.nextDue();
    return Math.max(grants.now, due === undefined ? mapped : Math.min(mapped, due));
  }

  set(pace: Pace): void {
    this.#pace = pace;
    this.anchor();
    this.goOn();
  }

  /** The wall's time now is the simulated time now. */
  anchor(): void {
    this.#origin = { wall: this.#options.wall.now(), simulated: this.#options.grants.now };
  }

  /** Paced: looks again whenever something is due by the wall, or after a while. */
  goOn(): void {
    const { wall, members, grants, lane, advance } = this.#options;
    this.#cancel?.();
    if (this.#stopped || lane.busy || this.#pace === 'stepped') return;
    const due = members.nextDue();
    const untilDue = due === undefined ? longestWaitMs : (due - this.#mapped()) / this.#pace.factor;
    const wait = Math.min(longestWaitMs, Math.max(1, untilDue));
    this.#cancel = wall.after(wait, () => {
      void lane.alone(async () => {
        const next = members.nextDue();
        const mapped = this.#mapped();
        if (next !== undefined && next <= mapped && !this.#stopped) await advance(Math.max(next, grants.now));
      }).finally(() => {
        this.goOn();
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #mapped(): Instant {
    const { wall, grants } = this.#options;
    if (this.#pace === 'stepped') return grants.now;
    return Math.floor(this.#origin.simulated + (wall.now() - this.#origin.wall) * this.#pace.factor);
  }
}
