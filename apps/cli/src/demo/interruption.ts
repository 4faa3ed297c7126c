import { constants } from 'node:os';

/** Somebody wants the command to end: by Ctrl-C, by a signal, or by closing what reads its output. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted');
    this.name = 'Interrupted';
    this.exitCode = exitCode;
  }
}

export interface Interruption extends Disposable {
  /** Settles as `work` does, or throws as soon as the command must end; `work` is then left to itself. */
  unless<T>(work: Promise<T>): Promise<T>;
  readonly happened: boolean;
  end(reason: Error): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// By then all has stopped, or never will: the guardian ends what is left when this process is gone.
const lastResortMs = 5_000;

/** Listens for signals, and for the loss of whoever reads `outputs`. A second signal ends the process at once. */
export function listenForInterruption(outputs: readonly NodeJS.WritableStream[]): Interruption {
  const { promise, reject } = promiseOfFailure();
  let happened = false;
  const end = (reason: Error) => {
    if (reason instanceof Interrupted) {
      if (happened) process.exit(reason.exitCode);
      setTimeout(() => process.exit(reason.exitCode), lastResortMs).unref();
    }
    happened = true;
    reject(reason);
  };
  const onSignal = (signal: NodeJS.Signals) => { end(new Interrupted(128 + constants.signals[signal])); };
  const onOutputError = () => { if (!happened) end(new Interrupted(1)); };
  for (const signal of signals) process.on(signal, onSignal);
  for (const output of outputs) output.on('error', onOutputError);
  return {
    unless: (work) => Promise.race([work, promise]),
    get happened() {
      return happened;
    },
    end,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, onSignal);
      for (const output of outputs) output.off('error', onOutputError);
    },
  };
}

function promiseOfFailure(): { promise: Promise<never>; reject: (reason: Error) => void } {
  let reject!: (reason: Error) => void;
  const promise = new Promise<never>((_, no) => { reject = no; });
  // It may fail while nothing waits for it.
  promise.catch(() => undefined);
  return { promise, reject };
}
