import { hourMs, minuteMs, secondMs, type Attempt, type MailEnd, type Outcome } from '@isesim/domain';

/** What ends the retries of one mail. ISE's own retry policy is not documented: these limits are ours. */
export interface RetryLimits {
  /** Longest wait after the first, second … attempt that failed for now; the last one repeats. Empty: no retry. */
  readonly retryDelaysMs: readonly number[];
  /** No attempt begins later than this after the first one ended. */
  readonly retryForMs: number;
  /** How many rejected tokens in a row are answered with a fresh one at once. */
  readonly freshTokensMax: number;
}

export const defaultRetryLimits: RetryLimits = {
  // Most faults of a moment (a dropped connection, 4.3.2 for too many at once) are over within a minute; the rest last
  // until somebody mends something, and a quarter of an hour is soon enough to notice that without pressing the server.
  retryDelaysMs: [30 * secondMs, 1 * minuteMs, 2 * minuteMs, 5 * minuteMs, 10 * minuteMs, 15 * minuteMs],
  // A day spans a night: a wrong secret found in the evening can be mended the next morning and nothing is lost. RFC 5321
  // §4.5.4.1 asks a relay for 4 to 5 days, but a password or an expiry notice is worth nothing by then.
  retryForMs: 24 * hourMs,
  // A 535 with a fresh token is a permission fault, not expiry.
  freshTokensMax: 1,
};

export interface Wait {
  readonly waitMs: number;
  /** What the far end asked for, which no spreading shortens. */
  readonly leastMs?: number;
}

/** What follows from the attempts so far: stop, or the next attempt after a wait. */
export function nextStep(attempts: readonly Attempt[], limits: RetryLimits = defaultRetryLimits): 'stop' | Wait {
  const last = attempts.at(-1);
  if (!last) return { waitMs: 0 };
  switch (last.outcome.kind) {
    case 'accepted':
    case 'refused':
      return 'stop';
    case 'not-begun':
      // The duty moved; the new holder takes the entry over.
      return 'stop';
    case 'deferred':
    case 'unauthorized':
    case 'indefinite':
      return retry(attempts, limits);
  }
}

/**
 * A wait made shorter by up to its half, by a `fraction` from 0 to 1, and never below its least. Mails that are turned away at
 * one instant (three submissions at once are all that Exchange takes of a mailbox) would else all come back at one instant, and
 * be turned away.
 */
export function spread({ waitMs, leastMs = 0 }: Wait, fraction: number): number {
  return Math.max(leastMs, Math.round(waitMs * (1 - fraction / 2)));
}

/** How the mail ended; undefined while it is to be tried again, here or by the new holder of the duty. */
export function endOf(attempts: readonly Attempt[], limits: RetryLimits = defaultRetryLimits): MailEnd['end'] | undefined {
  const kind = attempts.at(-1)?.outcome.kind;
  if (kind === 'accepted' || kind === 'refused') return kind;
  if (kind === 'not-begun') return undefined;
  return nextStep(attempts, limits) === 'stop' ? 'dead-lettered' : undefined;
}

function retry(attempts: readonly Attempt[], limits: RetryLimits): 'stop' | Wait {
  const waitMs = waitAfter(attempts, limits);
  const leastMs = retryAfterMs(attempts.at(-1));
  if (waitMs === undefined || elapsedMs(attempts) + Math.max(waitMs, leastMs ?? 0) > limits.retryForMs) return 'stop';
  return { waitMs, ...(leastMs !== undefined && { leastMs }) };
}

function retryAfterMs(attempt: Attempt | undefined): number | undefined {
  return attempt?.outcome.kind === 'deferred' ? attempt.outcome.retryAfterMs : undefined;
}

/** Nothing where a fresh token may help; else the back-off, which such repetitions do not lengthen. */
function waitAfter(attempts: readonly Attempt[], { retryDelaysMs, freshTokensMax }: RetryLimits): number | undefined {
  const atOnce = repeatedAtOnce(attempts, freshTokensMax);
  if (atOnce.at(-1)) return 0;
  const failures = atOnce.filter((each) => !each).length;
  return retryDelaysMs[Math.min(failures, retryDelaysMs.length) - 1];
}

/** For each attempt, whether it is one whose token was rejected and may have been stale. */
function repeatedAtOnce(attempts: readonly Attempt[], freshTokensMax: number): boolean[] {
  let rejectedInARow = 0;
  return attempts.map(({ outcome }) => {
    rejectedInARow = rejectsToken(outcome) ? rejectedInARow + 1 : 0;
    return rejectedInARow > 0 && rejectedInARow <= freshTokensMax;
  });
}

// When Entra refuses the credentials themselves there was no token, so a fresh one cannot be what is missing.
function rejectsToken(outcome: Outcome): boolean {
  return outcome.kind === 'unauthorized' && outcome.stage !== 'token';
}

function elapsedMs(attempts: readonly Attempt[]): number {
  return (attempts.at(-1)?.at ?? 0) - (attempts[0]?.at ?? 0);
}
