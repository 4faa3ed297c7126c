import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodeOf, problemOf } from '../problem.ts';
import { planBoot } from './boot-plan.ts';
import type { DetachedMessage, DetachedOptions } from './detached.ts';
import { stopSignal } from './stop-signal.ts';
import { supervise } from './supervise.ts';

/** Supervises in the background: takes its options by message, tells the starter how far it is, and returns its exit code. */
export async function superviseDetached(): Promise<number> {
  const signal = stopSignal();
  const [options] = (await once(process, 'message')) as [DetachedOptions];
  try {
    const plan = await planBoot(options, process.env);
    process.title = `isesim up ${plan.topology.name}`;
    await supervise({
      ...plan,
      natsServer: options.natsServer,
      env: process.env,
      signal,
      onClaimed: (folder) => rename(options.log, join(folder, 'supervisor.log')),
      onProgress: (progress) => {
        if (progress.kind === 'lost' || progress.kind === 'stalled') process.stderr.write(`${JSON.stringify(progress)}\n`);
        tell({ kind: 'progress', progress });
      },
      onReady: (status) => { tell({ kind: 'ready', status }); },
    });
    return 0;
  } catch (error) {
    const { kind, code, message, remedy } = problemOf(error);
    process.stderr.write(`${error instanceof Error ? (error.stack ?? message) : message}\n`);
    await told({ kind: 'failed', problem: { kind, code, message, remedy } });
    return exitCodeOf({ kind, code, message, remedy });
  }
}

/** The starter leaves when it has heard that we are ready. */
function tell(message: DetachedMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function told(message: DetachedMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => { resolve(); });
    else resolve();
  });
}
