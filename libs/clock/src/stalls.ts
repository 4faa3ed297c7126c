import type { WorkReport } from '@isesim/domain';
import { blockers } from './blockers.ts';
import type { Members } from './members.ts';
import type { Wall } from './wall.ts';

export interface StallsOptions {
  readonly wall: Wall;
  readonly members: Members;
  /** Asks an agent what it has open. */
  readonly ask: (agent: string) => void;
  readonly onStall: ((blockers: string[]) => void) | undefined;
}

// Long enough for a loaded machine to finish one piece of work, short enough that a user does not wonder.
const stallMs = 10_000;
// An agent that is not busy answers within a few; a person waits no longer for its absence to be noticed.
const answerMs = 300;

/** Notices by the wall that nothing moves although something is open, and gives it a name: a hang must not look like patience. */
export class Stalls {
  readonly #options: StallsOptions;
  readonly #watches = new Set<() => void>();
  readonly #impatient = new Set<() => void>();
  readonly #open = new Map<string, NonNullable<WorkReport['open']>>();
  #stopped = false;

  constructor(options: StallsOptions) {
    this.#options = options;
  }

  /** Begins to watch for a stall; the returned function ends that. */
  watch(): () => void {
    if (this.#stopped) return () => undefined;
    const cancel = this.#options.wall.after(stallMs, () => {
      this.#watches.delete(cancel);
      this.#name();
      for (const goOn of this.#impatient) goOn();
      this.#impatient.clear();
    });
    this.#watches.add(cancel);
    return () => {
      this.#watches.delete(cancel);
      cancel();
    };
  }

  /** Resolves with `wait`, or with the next stall. */
  endOf(wait: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      this.#impatient.add(resolve);
      void wait.then(() => {
        this.#impatient.delete(resolve);
        resolve();
      });
    });
  }

  answered(agent: string, open: NonNullable<WorkReport['open']>): void {
    this.#open.set(agent, open);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#watches) cancel();
    this.#watches.clear();
  }

  /** Tells what blocks, and what the agents that it names have to say for themselves. */
  #name(): void {
    const { wall, members, ask, onStall } = this.#options;
    const found = blockers(members);
    const named = members.reporting((_report, agent) => found.some((blocker) => this.#names(blocker, agent)));
    this.#open.clear();
    for (const agent of named) ask(agent);
    const cancel = wall.after(answerMs, () => {
      this.#watches.delete(cancel);
      onStall?.([...found, ...named.map((agent) => describeOpen(agent, this.#open.get(agent)))]);
    });
    this.#watches.add(cancel);
  }

  #names(blocker: string, agent: string): boolean {
    const { addresses, double } = this.#options.members;
    const address = addresses.get(agent);
    return blocker.includes(agent) || (address !== undefined && blocker.includes(`${address}:`)) || (agent === double && blocker.includes('Microsoft 365'));
  }
}

function describeOpen(agent: string, open: WorkReport['open']): string {
  if (!open) return `${agent} does not answer: it is busy, or stopped`;
  if (open.length === 0) return `${agent} answers, and has nothing open`;
  return `${agent} works on ${open.map(({ what, since }) => `"${what}" since ${new Date(since).toISOString()}`).join(', ')}`;
}
