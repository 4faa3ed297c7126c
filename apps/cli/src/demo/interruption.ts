import { constants } from 'node:os';

/** Somebody wants the command to end: by Ctrl-C, by a signal, or by closing what reads its output. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.name = 'Interrupted';
    this.exitCode = 128 + constants.signals[signal];
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// By then all has stopped, or never will: the guardian ends what is left when this process is gone.
const lastResortMs = 5_000;

/** Aborts on a signal, and when nobody reads `outputs` any more. A second signal ends the process at once. */
export function listenForInterruption(outputs: readonly NodeJS.WritableStream[]): AbortController & Disposable {
  const controller = new AbortController();
  const interrupt = (reason: Interrupted) => {
    setTimeout(() => process.exit(reason.exitCode), lastResortMs).unref();
    controller.abort(reason);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    const reason = new Interrupted(signal);
    if (controller.signal.aborted) process.exit(reason.exitCode);
    interrupt(reason);
  };
  const onOutputError = () => {
    if (!controller.signal.aborted) interrupt(new Interrupted('SIGPIPE'));
  };
  for (const signal of signals) process.on(signal, onSignal);
  for (const output of outputs) output.on('error', onOutputError);
  return Object.assign(controller, {
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, onSignal);
      for (const output of outputs) output.off('error', onOutputError);
    },
  });
}

/** Settles as `work` does, or throws as soon as `signal` aborts; `work` is then left to itself. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => { reject(signal.reason as Error); };
  });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
