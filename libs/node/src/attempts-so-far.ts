import type { Answers } from '@isesim/bus';
import type { Attempt } from '@isesim/domain';
import { endOf } from '@isesim/notifications';
import type { SendLog } from './send-log.ts';

/** How often this node has tried each mail that it owes since its start, and how the last try ended. */
export class AttemptsSoFar {
  readonly #attempts = new Map<string, readonly Attempt[]>();

  /** The same log, of which this hears too. */
  noting(log: SendLog): SendLog {
    return {
      ...log,
      begins: (notification, settings) => {
        const ended = log.begins(notification, settings);
        return (attempts) => {
          ended(attempts);
          this.#note(notification.id, attempts);
        };
      },
    };
  }

  list(): Answers<'show-attempts'>['attempts'] {
    return [...this.#attempts].flatMap(([notificationId, attempts]) => {
      const last = attempts.at(-1);
      return last ? [{ notificationId, count: attempts.length, at: last.at, outcome: last.outcome }] : [];
    });
  }

  #note(notificationId: string, attempts: readonly Attempt[]): void {
    if (endOf(attempts) === undefined) this.#attempts.set(notificationId, [...attempts]);
    else this.#attempts.delete(notificationId);
  }
}
