import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningPart } from '@isesim/deployment';
import { Problem } from '@isesim/domain';
import * as z from 'zod';
import { childEnd } from './child-end.ts';

export interface ProcessToStart {
  /** What it is called where it cannot start. */
  readonly name: string;
  /** Path of its program. */
  readonly main: string;
  /** What it is handed, by a file in its folder. */
  readonly boot: { readonly folder: string };
  /** Tells a guardian what to end if this process dies. */
  readonly onPid: (pid: number, gone: Promise<unknown>) => void;
  /** Ends the start, and the process with it. */
  readonly signal?: AbortSignal | undefined;
}

const readySchema = z.object({ ready: z.unknown() });

/**
 * Starts a part of a deployment as a process; resolves with what it says when it is ready. The credentials go by a file that its
 * owner alone can read, never by argument or environment, which a process list shows. Throws a `Problem` with the process' own
 * words when it ends before; nothing of it is left then.
 */
export async function startProcess({ name, main, boot, onPid, signal }: ProcessToStart): Promise<{ part: RunningPart; ready: unknown }> {
  await mkdir(boot.folder, { recursive: true, mode: 0o700 });
  const bootFile = join(boot.folder, 'credentials.json');
  await writeFile(bootFile, JSON.stringify(boot), { mode: 0o600 });
  signal?.throwIfAborted();
  const { child, wordsSince } = spawnWithLog(main, bootFile, join(boot.folder, 'process.log'));
  const part = processPart(child);
  if (child.pid !== undefined) onPid(child.pid, part.gone);
  const abort = () => void part.kill();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const said = await firstOf(child, part);
    if ('ended' in said) throw new Problem('could not run', 'node-start', `${name} could not start: ${(await wordsSince()) || said.ended}`, 'Mend what it says and start again.');
    return { part, ready: readySchema.parse(said.message).ready };
  } catch (error) {
    await part.kill();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** `wordsSince`: why it ended, by what it has written since it was started. */
function spawnWithLog(main: string, bootFile: string, logFile: string): { child: ChildProcess; wordsSince: () => Promise<string> } {
  const log = openSync(logFile, 'a', 0o600);
  const start = fstatSync(log).size;
  const child = spawn(process.execPath, [main, bootFile], {
    stdio: ['ignore', log, log, 'ipc'],
    env: { PATH: process.env['PATH'] },
    // In a session of its own: Ctrl-C at the terminal is for the parent, which stops its parts in order.
    detached: true,
  });
  closeSync(log);
  return { child, wordsSince: async () => whyOf((await readFile(logFile)).subarray(start).toString()) };
}

/** What a process says first, or how it has ended before it said anything. */
function firstOf(child: ChildProcess, { gone }: RunningPart): Promise<{ readonly message: unknown } | { readonly ended: string }> {
  return Promise.race([
    new Promise<{ message: unknown }>((resolve) => { child.once('message', (message) => { resolve({ message }); }); }),
    gone.then((reason) => ({ ended: reason ?? 'it ended' })),
  ]);
}

function processPart(child: ChildProcess): RunningPart {
  const { gone, end } = childEnd(child);
  return {
    pid: child.pid ?? 0,
    stop: () => {
      // A stopped process takes no SIGTERM.
      child.kill('SIGCONT');
      return end('SIGTERM');
    },
    kill: () => end('SIGKILL'),
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    gone,
  };
}

/** What a process said last: the first line of it that is an error, else the last line. */
function whyOf(output: string): string {
  const lines = output.trim().split('\n');
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').replace(/^\w*Error: /, '').trim();
}
