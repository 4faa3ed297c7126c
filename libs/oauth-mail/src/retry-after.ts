import { formatDuration, hourMs, minuteMs, secondMs, type Clock, type Instant } from '@isesim/domain';
import { AttemptFailure } from './attempt-failure.ts';

// As MSAL has it: never longer, and this long where the header is no number of seconds.
const longestMs = hourMs;
const defaultMs = minuteMs;

/** How long a Retry-After asks to wait; undefined where an answer has none. */
export function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number.parseInt(header, 10);
  return seconds >= 0 ? Math.min(seconds * secondMs, longestMs) : defaultMs;
}

/**
 * Keeps the answer of a token endpoint that asked for time, and gives it again to whoever would ask before that. MSAL does the
 * same, but by the wall clock and for answers in JSON alone.
 */
export class Throttle {
  readonly #clock: Pick<Clock, 'now'>;
  #kept: { readonly until: Instant; readonly failure: AttemptFailure } | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Throws what was answered while that holds. */
  check(): void {
    const { until = -Infinity, failure } = this.#kept ?? {};
    const remainingMs = until - this.#clock.now();
    if (!failure || remainingMs <= 0) return;
    throw new AttemptFailure(`${failure.message}; not asked again for another ${formatDuration(remainingMs)}`, { ...failure, retryAfterMs: remainingMs });
  }

  keep(failure: unknown): void {
    if (!(failure instanceof AttemptFailure) || failure.retryAfterMs === undefined) return;
    this.#kept = { until: this.#clock.now() + failure.retryAfterMs, failure };
  }
}
