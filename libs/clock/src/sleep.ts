import type { Instant } from '@isesim/domain';
import type { Gate } from './gate.ts';
import type { Pieces } from './pieces.ts';
import { promiseParts } from './promise-parts.ts';
import type { Timers } from './timers.ts';

export interface Sleep {
  readonly due: Instant;
  readonly signal: AbortSignal | undefined;
  readonly pieces: Pieces;
  readonly timers: Timers;
  readonly gate: Gate;
}

/** Lets time pass for the calling piece of work until `due`, or until `signal` ends it, which rejects with the signal's reason. */
export function sleepUntil({ due, signal, pieces, timers, gate }: Sleep): Promise<void> {
  const piece = pieces.calling('sleep');
  const { promise, resolve, reject } = promiseParts();
  const wake = (settle: () => void) => {
    timers.delete(timer);
    signal?.removeEventListener('abort', onAbort);
    pieces.change(piece, { waits: -1 });
    settle();
  };
  const end = () => {
    wake(() => {
      reject(signal?.reason instanceof Error ? signal.reason : new Error('the sleep was ended'));
    });
  };
  const onAbort = () => {
    timers.delete(timer);
    // One piece of work may end the sleep of many, and goes on itself.
    if (pieces.wouldRace()) void gate.ownTurn().then(end);
    else end();
  };
  const timer = timers.add(due, () => {
    wake(resolve);
  });
  pieces.change(piece, { waits: 1 });
  if (signal?.aborted) end();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return promise;
}
