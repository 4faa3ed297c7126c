import type { BootedDeployment } from '@isesim/launch';

const orphaned = new AbortController();
const orphan = () => { orphaned.abort(new Error('the process that ran the tests is gone')); };
let running = 0;

/**
 * Boots, and stops what was booted when `signal` aborts: also in the middle of the boot. Where a test runner has started this
 * process, the same happens when the runner has gone: a worker that was left behind would keep it for ever.
 */
export async function stopWhenOver(signal: AbortSignal | undefined, boot: (over: AbortSignal) => Promise<BootedDeployment>): Promise<BootedDeployment> {
  // One of its own each: of listeners on a shared one Node.js warns.
  const over = AbortSignal.any([...(signal ? [signal] : []), orphaned.signal]);
  over.throwIfAborted();
  const release = watchParent();
  try {
    const booted = await boot(over);
    const stop = async () => {
      over.removeEventListener('abort', abandon);
      await booted.stop().finally(release);
    };
    // Nobody waits for it, so nobody could be told why it failed.
    const abandon = () => void stop().catch(() => undefined);
    over.addEventListener('abort', abandon);
    if (over.aborted) abandon();
    return { ...booted, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    release();
    throw error;
  }
}

/** Listens only while something runs: a listener of this kind keeps a process from ending. */
function watchParent(): () => void {
  if (running === 0) process.on('disconnect', orphan);
  running += 1;
  let released = false;
  return () => {
    if (released) return;
    released = true;
    running -= 1;
    if (running === 0) process.off('disconnect', orphan);
  };
}
