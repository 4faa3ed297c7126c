import type { Instant } from '@isesim/domain';
import type { IseNode, ReleaseDuty } from '@isesim/node';

/** What the primary PAN tells at moments that follow from settings pages. */
export interface PlannedLooks<Plan> {
  /** As the pages have it now; plain data. */
  plan(): Plan;
  /** Tells what is overdue at `now`, as long as `goesOn`. Returns when it is to look again, if ever. */
  look(plan: Plan, now: Instant, goesOn: () => boolean): Promise<Instant | undefined>;
}

export interface PlanWatch {
  /** Takes the duty up: tells what is overdue. Returns what ends it. */
  begin(): Promise<ReleaseDuty>;
}

/** Looks when something is due by the plan, and anew as soon as the plan is another one. `prepare` is called for each term of the duty. */
export function watchPlan<Plan>(node: IseNode, what: string, prepare: () => Promise<PlannedLooks<Plan>>): PlanWatch {
  const terms = new Set<Term<Plan>>();
  node.settings.onChange(() => {
    for (const term of terms) term.changed();
  });
  return {
    begin: async () => {
      const term = new Term(node, what, await prepare());
      const end = () => {
        term.end();
        terms.delete(term);
      };
      terms.add(term);
      await term.look().catch((error: unknown) => {
        end();
        throw error;
      });
      return end;
    },
  };
}

class Term<Plan> {
  readonly #node: IseNode;
  readonly #what: string;
  readonly #looks: PlannedLooks<Plan>;
  #followed: string | undefined;
  #looking = false;
  #ended = false;
  #cancel: () => void = () => undefined;

  constructor(node: IseNode, what: string, looks: PlannedLooks<Plan>) {
    this.#node = node;
    this.#what = what;
    this.#looks = looks;
  }

  async look(): Promise<void> {
    const { clock } = this.#node.world;
    const plan = this.#looks.plan();
    this.#followed = JSON.stringify(plan);
    this.#looking = true;
    let next: Instant | undefined;
    try {
      // What is told is durable before the next is told: meanwhile the duty may have moved, and the rest with it.
      next = await this.#looks.look(plan, clock.now(), () => this.#goesOn());
    } finally {
      this.#looking = false;
    }
    this.#lookAt(this.#isFollowed() ? next : clock.now());
  }

  /** Not here and now: who changes a page does not wait for what is told. A look that is under way finds the change at its end. */
  changed(): void {
    if (!this.#looking && !this.#isFollowed()) this.#lookAt(this.#node.world.clock.now());
  }

  end(): void {
    this.#ended = true;
    this.#cancel();
  }

  #lookAt(due: Instant | undefined): void {
    this.#cancel();
    if (due !== undefined && this.#goesOn()) this.#cancel = this.#node.world.clock.at(due, this.#what, () => this.look());
  }

  #goesOn(): boolean {
    return !this.#ended && this.#node.holds('primary PAN');
  }

  #isFollowed(): boolean {
    return JSON.stringify(this.#looks.plan()) === this.#followed;
  }
}
