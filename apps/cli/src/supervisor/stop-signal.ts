/** Aborts on Ctrl-C, a request to end, or the loss of the terminal. The second time the process ends at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The guardian ends whatever is still running then.
      if (stop.signal.aborted) process.exit(3);
      stop.abort();
    });
  }
  return stop.signal;
}
