import { AsyncLocalStorage } from 'node:async_hooks';
import type { Instant } from '@isesim/domain';
import type { Gate } from './gate.ts';
import { never, type Halt } from './halt.ts';

/** A piece of work: active unless all it does is wait in a way that lets simulated time pass. */
export interface Piece {
  readonly what: string;
  readonly since: Instant;
  readonly aside: boolean;
  waits: number;
  calls: number;
}

/** `waits` let time pass, `calls` do not. */
export interface PieceChange {
  readonly waits?: number;
  readonly calls?: number;
}

export interface PiecesOptions {
  /** The incarnation, `name#n`. */
  readonly agent: string;
  readonly gate: Gate;
  readonly halt: Halt;
  readonly changed: () => void;
}

// One for all agents of a process: each instance costs something at every promise.
const here = new AsyncLocalStorage<Piece | undefined>();

/** What begins in `run` belongs to no piece, whosever work the call came out of. */
export function inNobodysName(run: () => void): void {
  here.run(undefined, run);
}

/**
 * An agent's open work. Every call into its world is made by a piece, so that the agent knows at each moment whether it is
 * busy: a call by nobody would be work that the coordinator does not see.
 */
export class Pieces {
  readonly #options: PiecesOptions;
  readonly #all = new Set<Piece>();
  #active = 0;
  #asides = 0;

  constructor(options: PiecesOptions) {
    this.#options = options;
  }

  /** How many hold up whatever comes next. */
  get active(): number {
    return this.#active;
  }

  /** How many hold up nothing but time. */
  get asides(): number {
    return this.#asides;
  }

  /** Runs a new piece of work to its end. */
  open<T>({ what, since, aside }: Pick<Piece, 'what' | 'since' | 'aside'>, run: () => Promise<T>): Promise<T> {
    const piece: Piece = { what, since, aside, waits: 0, calls: 0 };
    this.#all.add(piece);
    this.#countActive(piece, 1);
    return here.run(piece, async () => {
      try {
        return await run();
      } finally {
        if (isActive(piece)) this.#countActive(piece, -1);
        this.#all.delete(piece);
        this.#options.changed();
      }
    });
  }

  /** The piece that makes this `call`; throws when no piece does. */
  calling(call: string): Piece {
    const piece = here.getStore();
    if (!piece || !this.#all.has(piece)) {
      throw new Error(`${this.#options.agent}: "${call}" outside of a piece of work, so it would not be counted`);
    }
    return piece;
  }

  /** Whether work begun now would race with the piece that begins it: that one is not waiting, and the order is fixed. */
  wouldRace(): boolean {
    return this.#options.gate.inOrder && this.#isRunning();
  }

  /** Runs one call of `piece` into its world, changed meanwhile; it waits while the agent is frozen, for ever once it is revoked. */
  async during<T>(piece: Piece, change: PieceChange, run: () => Promise<T>): Promise<T> {
    const { halt } = this.#options;
    if (halt.revoked) return never();
    this.change(piece, change);
    try {
      if (halt.frozen) await halt.frozen;
      return await run();
    } finally {
      if (halt.frozen) await this.#thawed(change);
      this.change(piece, { waits: -(change.waits ?? 0), calls: -(change.calls ?? 0) });
      if (halt.revoked) await never();
    }
  }

  change(piece: Piece, { waits = 0, calls = 0 }: PieceChange): void {
    const before = isActive(piece);
    piece.waits += waits;
    piece.calls += calls;
    if (!this.#all.has(piece)) return;
    this.#countActive(piece, Number(isActive(piece)) - Number(before));
    this.#options.changed();
  }

  /** What is active now, asides included. */
  openWork(): { what: string; since: Instant }[] {
    return [...this.#all].filter(isActive).map(({ what, since }) => ({ what, since }));
  }

  /** Many may have waited for the thaw: those that let time pass meanwhile go on one by one. */
  async #thawed({ waits }: PieceChange): Promise<void> {
    await this.#options.halt.frozen;
    if (waits) await this.#options.gate.ownTurn();
  }

  #isRunning(): boolean {
    const piece = here.getStore();
    return piece !== undefined && this.#all.has(piece) && isActive(piece);
  }

  #countActive({ aside }: Piece, change: number): void {
    if (aside) this.#asides += change;
    else this.#active += change;
  }
}

function isActive({ waits, calls }: Piece): boolean {
  return waits === 0 || calls > 0;
}
