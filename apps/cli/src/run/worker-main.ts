import { playTask } from './play-task.ts';
import type { FromWorker, ToWorker } from './worker-message.ts';

// Plays scenarios one after another, until its parent says stop or is gone.
const stopping = new AbortController();

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

let playing: Promise<void> = Promise.resolve();

process.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') {
    stopping.abort();
    void playing.finally(() => { process.disconnect(); });
    return;
  }
  playing = playTask(message.task, {
    env: process.env,
    signal: stopping.signal,
    onStall: (blockers) => { tell({ kind: 'stalled', blockers }); },
  }).then((result) => { tell({ kind: 'played', result }); });
});
process.on('disconnect', () => {
  stopping.abort();
  void playing.finally(() => process.exit(0));
});
// Ctrl-C at the terminal is for the parent, which stops its workers in order.
process.on('SIGINT', () => undefined);
tell({ kind: 'ready' });
