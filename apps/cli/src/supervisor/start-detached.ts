import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '@isesim/deployment';
import { stateFolder } from '../client/state-folder.ts';
import type { Status } from '../operations/status.ts';
import { packageFolder } from '../package-folder.ts';
import { CommandProblem } from '../problem.ts';
import type { DetachedMessage, DetachedOptions } from './detached.ts';
import { interrupted } from './interrupted.ts';
import { stopSignal } from './stop-signal.ts';

/** Starts a background supervisor and resolves when its deployment is up. Throws its problem when it does not come up. */
export async function startDetached(options: Omit<DetachedOptions, 'log'>, env: NodeJS.ProcessEnv, onProgress: (progress: Progress) => void): Promise<Status> {
  const log = join(makeFolder(stateFolder(env)), `.supervisor-${process.pid}.log`);
  const output = openSync(log, 'a', 0o600);
  try {
    // A session of its own: the end of this terminal is not its end.
    const child = fork(join(packageFolder(), 'bundle', 'detached-main.js'), { detached: true, stdio: ['ignore', output, output, 'ipc'], env });
    const signal = stopSignal();
    signal.addEventListener('abort', () => child.kill('SIGTERM'));
    child.send({ ...options, log } satisfies DetachedOptions);
    return await whenReady(child, onProgress, (how) => (signal.aborted ? interrupted() : endedSilently(how, log)));
  } finally {
    closeSync(output);
    rmSync(log, { force: true });
  }
}

function whenReady(child: ChildProcess, onProgress: (progress: Progress) => void, ended: (how: string) => Error): Promise<Status> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    child.on('message', (message: DetachedMessage) => {
      if (message.kind === 'progress') onProgress(message.progress);
      if (message.kind === 'failed') failure = new CommandProblem(message.problem);
      if (message.kind === 'ready') {
        child.removeAllListeners();
        child.disconnect();
        child.unref();
        resolve(message.status);
      }
    });
    child.once('error', reject);
    // Not before it is gone, with all that it had started.
    child.once('exit', (code, signal) => { reject(failure ?? ended(signal ?? `exit code ${code ?? '?'}`)); });
  });
}

function endedSilently(how: string, log: string): CommandProblem {
  const lastWords = readIfThere(log).trim().split('\n').find((line) => /^\w*Error\b/.test(line)) ?? '';
  return new CommandProblem({
    kind: 'could not run',
    code: 'supervisor-ended',
    message: `the background supervisor ended while it was starting (${how})${lastWords === '' ? '' : `: ${lastWords.trim()}`}`,
    remedy: 'Start it without --detach to see all of its output.',
  });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
