import { Problem, type AwayNode, type NatsCut } from '@isesim/domain';
import { changeController } from './change-controller.ts';

/**
 * How far a node reaches: the others, its own outbox alone (`isolated` or `untrusted`: the outbox stands for its disk), or not
 * even NATS, where that is.
 */
export type Cut = 'none' | 'isolated' | NatsCut;

const reasons: Readonly<Record<Cut, string>> = {
  none: 'is still catching up with the other nodes',
  isolated: 'is isolated from the other nodes',
  untrusted: 'does not trust the certificate of the deployment',
  'no NATS': 'is cut off from NATS',
};

export interface ReachOptions {
  readonly node: string;
  /** Starts a piece of work that nobody awaits. */
  readonly start: (what: string, run: () => Promise<void>) => void;
}

/** Whether a node reaches the rest of its deployment now, and what is done when that changes. */
export class Reach {
  readonly #options: ReachOptions;
  readonly #catchUps: (() => Promise<void>)[] = [];
  readonly #listeners: (() => Promise<void>)[] = [];
  readonly #waiting: (() => void)[] = [];
  #cut: Cut = 'none';
  #away: Readonly<Record<string, AwayNode>> = {};
  #current = true;
  #change = changeController();

  constructor(options: ReachOptions) {
    this.#options = options;
  }

  get cut(): Cut {
    return this.#cut;
  }

  /** True while the node reaches all and has taken all that it missed: only then it can know that a duty is its own. */
  get current(): boolean {
    return this.#current;
  }

  /** Aborted when the cut changes. */
  get changing(): AbortSignal {
    return this.#change.signal;
  }

  /** Run when the cut has ended, one after the other, before the node counts as current. */
  onRestored(catchUp: () => Promise<void>): void {
    this.#catchUps.push(catchUp);
  }

  /** Called each time that the node ceases to be current, or is so again. */
  onChange(listener: () => Promise<void>): void {
    this.#listeners.push(listener);
  }

  /** Resolves when the cut has ended; at once where there is none. */
  restored(): Promise<void> {
    if (this.#cut === 'none') return Promise.resolve();
    return new Promise((resolve) => { this.#waiting.push(resolve); });
  }

  /** These nodes take no connections from now on, and all others do. */
  miss(away: Readonly<Record<string, AwayNode>>): void {
    this.#away = away;
  }

  /** Throws a `Problem` when `node` takes no connections; `what` is the consequence, as "no guest account can be written". */
  assertThere(node: string, what: string): void {
    const away = this.#away[node];
    if (away) throw new Problem('refused', 'unreachable', `${away.why}, so ${what}`, away.remedy);
  }

  change(cut: Cut): void {
    if (cut === this.#cut) return;
    this.#cut = cut;
    const change = this.#change;
    this.#change = changeController();
    change.abort();
    if (cut === 'none') return this.#options.start('reach the others again', () => this.#restore());
    if (this.#current) this.#options.start('cut off from the others', () => this.#become(false));
  }

  /** What a person hears who wants something for which the node needs more than it reaches; `consequence` as "it cannot read accounts". */
  problem(consequence: string): Problem {
    const { node } = this.#options;
    return new Problem('refused', 'cut-off', `${node} ${reasons[this.#cut]}, so ${consequence}`, 'Let it reach the other nodes again with "isesim heal".');
  }

  async #restore(): Promise<void> {
    for (const catchUp of this.#catchUps) await catchUp();
    // It may be cut off again meanwhile.
    if (this.#cut !== 'none') return;
    for (const resolve of this.#waiting.splice(0)) resolve();
    await this.#become(true);
  }

  #become(current: boolean): Promise<void> {
    this.#current = current;
    return this.#listeners.reduce((before, listener) => before.then(listener), Promise.resolve());
  }
}
