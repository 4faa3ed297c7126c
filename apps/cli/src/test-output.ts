import { afterEach, beforeEach, vi } from 'vitest';

/** For tests: what each of them has written so far. It does not reach the terminal. */
export function writtenOutput(): { stdout: string; stderr: string } {
  const written = { stdout: '', stderr: '' };
  beforeEach(() => {
    Object.assign(written, { stdout: '', stderr: '' });
    for (const stream of ['stdout', 'stderr'] as const) {
      vi.spyOn(process[stream], 'write').mockImplementation((text) => {
        written[stream] += String(text);
        return true;
      });
    }
  });
  afterEach(() => { vi.restoreAllMocks(); });
  return written;
}
