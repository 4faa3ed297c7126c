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
    let pauses = 0;
    let silences = 0;
    for (let again = false; ; again = true) {
      while (this.#over) await this.#over.promise;
      try {
        return await this.#unlessInterrupted(run(again));
      } catch (error) {
        if (isShuttingDown(error) && pauses < pausesMax) {
          pauses += 1;
          await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
        } else if (isSilence(error) && silences < silencesMax) {
          silences += 1;
        } else if (error !== interrupted) throw error;
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

// A loaded server can fail to answer once; one that does not answer so often is gone or stuck.
const silencesMax = 5;

function isSilence(error: unknown): boolean {
  return error instanceof NatsError && error.code === ErrorCode.Timeout.valueOf();
}

// A server that shuts down answers for JetStream with 503 for a moment before it cuts its clients off.
const pauseMs = 100;
const pausesMax = 20;

function isShuttingDown(error: unknown): boolean {
  return error instanceof NatsError && error.code === ErrorCode.NoResponders.valueOf();
}

const interrupted = new Error('the connection to NATS was interrupted');
