/** What `run` comes to, or at once the reason of `signal` when that aborts first. */
export function unlessAborted<T>(run: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return run;
  return new Promise((resolve, reject) => {
    const abort = () => { reject(signal.reason as Error); };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void run.then(resolve, reject).finally(() => { signal.removeEventListener('abort', abort); });
  });
}
