import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { playTask } from './play-task.ts';
import type { FromWorker, ToWorker } from './worker-message.ts';

// Plays scenarios one after another, until its parent says stop or is gone.
const stopping = new AbortController();
// Without a parent nobody waits for what hangs.
const leaveWithinMs = 5_000;

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

// The parent has asked for the end: it clears up itself.
let isTold = false;
let runFolder: string | undefined;
let playing: Promise<void> = Promise.resolve();

process.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') {
    isTold = true;
    stopping.abort();
    void playing.finally(() => { process.disconnect(); });
    return;
  }
  runFolder = dirname(message.task.folder);
  playing = playTask(message.task, {
    env: process.env,
    signal: stopping.signal,
    onStall: (blockers) => { tell({ kind: 'stalled', blockers }); },
  }).then((result) => { tell({ kind: 'played', result }); });
});
process.on('disconnect', () => {
  if (isTold) process.exit(0);
  stopping.abort();
  setTimeout(leave, leaveWithinMs).unref();
  void playing.finally(leave);
});

/** The parent is gone, and its guardian may have removed the folder before this process last wrote to it. */
function leave(): void {
  if (runFolder !== undefined) rmSync(runFolder, { recursive: true, force: true });
  process.exit(3);
}

// Ctrl-C at the terminal is for the parent, which stops its workers in order.
process.on('SIGINT', () => undefined);
tell({ kind: 'ready' });
