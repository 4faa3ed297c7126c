import { Problem } from '@isesim/domain';
import { ErrorCode, NatsError } from 'nats';

/** Tells whoever waits for the server that the connection broke, and when it is back. */
export class Interruption {
  readonly #waiting = new Set<(reason: Error) => void>();
  #over: { promise: Promise<void>; resolve: () => void } | undefined;

  /** Resolves at once while the connection is there. */
  over(): Promise<void> {
    return this.#over?.promise ?? Promise.resolve();
  }

  get lasts(): boolean {
    return this.#over !== undefined;
  }

  begin(): void {
    if (this.#over) return;
    let resolve!: () => void;
    const promise = new Promise<void>((onResolve) => { resolve = onResolve; });
    this.#over = { promise, resolve };
    for (const reject of this.#waiting) reject(interrupted);
  }

  end(): void {
    this.#over?.resolve();
    this.#over = undefined;
  }

  /** `run` again and again until it ends without an interruption; `again` says that an earlier try may have been obeyed. */
  async untilAnswered<T>(run: (again: boolean) => Promise<T>): Promise<T> {
    const patience = new Patience();
    for (let again = false; ; again = true) {
      while (this.#over) await this.#over.promise;
      try {
        return await this.#unlessInterrupted(run(again));
      } catch (error) {
        if (error !== interrupted) await patience.after(error);
      }
    }
  }

  // Not Promise.race with one long-lived promise: that would hold on to every answer until the connection breaks.
  #unlessInterrupted<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      answer.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }
}

const interrupted = new Error('the connection to NATS was interrupted');

// A server that has just started can fail to answer once (stream-reader.ts); one that does so again and again is gone or stuck.
const silencesMax = 5;
// A server that shuts down answers for JetStream with 503 for a moment before it cuts its clients off.
const pauseMs = 100;
const pausesMax = 20;

/** With a server that is there and does not answer. */
class Patience {
  #silences = 0;
  #pauses = 0;

  /** Resolves when it is time to try again; rejects with what another try cannot mend. */
  async after(error: unknown): Promise<void> {
    if (isSilence(error)) {
      if (++this.#silences > silencesMax) throw noAnswer(`${silencesMax + 1} tries got no answer in time`, { cause: error });
    } else if (isShuttingDown(error)) {
      if (++this.#pauses > pausesMax) throw noAnswer(`in ${pausesMax + 1} tries nobody listened`, { cause: error });
      await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
    } else throw error;
  }
}

function isSilence(error: unknown): error is NatsError {
  return error instanceof NatsError && error.code === ErrorCode.Timeout.valueOf();
}

function isShuttingDown(error: unknown): error is NatsError {
  return error instanceof NatsError && error.code === ErrorCode.NoResponders.valueOf();
}

/** The server can be reached and leaves unanswered what it is asked. */
export function noAnswer(detail: string, options?: ErrorOptions): Problem {
  return new Problem('could not run', 'nats-silent', `nats-server does not answer: ${detail}`, 'Is it stopped, overloaded, or without JetStream? Look at its log.', options);
}
