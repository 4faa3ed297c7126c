import { showProgress } from './terminal.ts';

// Sooner, most answers are there.
const silentMs = 2_000;

/** Runs something that may take a while; on a terminal `line` then says what is waited for. */
export async function meanwhile<T>(line: string, run: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => { showProgress(line); }, silentMs);
  try {
    return await run();
  } finally {
    clearTimeout(timer);
  }
}
