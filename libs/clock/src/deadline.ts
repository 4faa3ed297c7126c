import type { Instant } from '@isesim/domain';
import type { Pieces } from './pieces.ts';
import type { Timers } from './timers.ts';

/** A wait for the far end ended because its time was up on the simulated clock. */
export class DeadlinePassed extends Error {
  readonly due: Instant;

  constructor(due: Instant) {
    super(`the time for it was up at ${new Date(due).toISOString()}`);
    this.name = 'DeadlinePassed';
    this.due = due;
  }
}

/** Aborts with `DeadlinePassed` at `due`, unless it is disposed of before. */
export function deadlineAt(due: Instant, pieces: Pieces, timers: Timers): AbortSignal & Disposable {
  const piece = pieces.calling('deadline');
  const controller = new AbortController();
  let passed = false;
  const timer = timers.add(due, () => {
    // From here until its disposal the piece counts as active: what the abort sets off (a socket that closes) takes
    // real time before the wait itself ends.
    passed = true;
    pieces.change(piece, { calls: 1 });
    controller.abort(new DeadlinePassed(due));
  });
  const dispose = () => {
    timers.cancel(timer);
    if (passed) pieces.change(piece, { calls: -1 });
    passed = false;
  };
  return Object.assign(controller.signal, { [Symbol.dispose]: dispose });
}
