import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Launcher, RunningPart } from '@isesim/deployment';
import { microsoft365ReadySchema, Problem, type Persona } from '@isesim/domain';
import * as z from 'zod';

const require = createRequire(import.meta.url);
const stopWithinMs = 3_000;
const readySchema = z.object({ ready: z.unknown() });

/** Starts every part as a process of its own. `onPid` tells a guardian what to end if this process dies. */
export function processLauncher({ onPid }: { onPid: (pid: number, gone: Promise<unknown>) => void }): Launcher {
  return {
    startMicrosoft365: async (boot, signal) => {
      const { part, ready } = await startProcess('microsoft365', require.resolve('@isesim/microsoft365/main'), boot, onPid, signal);
      return { part, ready: microsoft365ReadySchema.parse(ready) };
    },
    startNode: async (boot, signal) => (await startProcess(boot.node.name, mainOf(boot.node.personas), boot, onPid, signal)).part,
  };
}

function mainOf(personas: readonly Persona[]): string {
  const [only, ...others] = personas;
  return require.resolve(only !== undefined && others.length === 0 ? `@isesim/${only}/main` : '@isesim/launch/main');
}

/** The credentials go by a file that its owner alone can read, never by argument or environment, which a process list shows. */
async function startProcess(name: string, main: string, boot: { folder: string }, onPid: (pid: number, gone: Promise<unknown>) => void, signal?: AbortSignal): Promise<{ part: RunningPart; ready: unknown }> {
  await mkdir(boot.folder, { recursive: true, mode: 0o700 });
  const bootFile = join(boot.folder, 'credentials.json');
  await writeFile(bootFile, JSON.stringify(boot), { mode: 0o600 });
  signal?.throwIfAborted();
  const logFile = join(boot.folder, 'process.log');
  const log = openSync(logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  const child = spawn(process.execPath, [main, bootFile], {
    stdio: ['ignore', log, log, 'ipc'],
    env: { PATH: process.env['PATH'] },
    // In a session of its own: Ctrl-C at the terminal is for the parent, which stops its parts in order.
    detached: true,
  });
  closeSync(log);
  const part = processPart(child);
  if (child.pid !== undefined) onPid(child.pid, part.gone);
  const abort = () => void part.kill();
  signal?.addEventListener('abort', abort, { once: true });
  const ready = await Promise.race([
    firstMessage(child),
    part.gone.then(async (reason = 'it ended') => {
      const words = whyOf((await readFile(logFile)).subarray(logStart).toString());
      throw new Problem('could not run', 'node-start', `${name} could not start: ${words || reason}`, 'Mend what it says and start again.');
    }),
  ]).finally(() => {
    signal?.removeEventListener('abort', abort);
  });
  return { part, ready };
}

function processPart(child: ChildProcess): RunningPart {
  let asked = false;
  const gone = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => { resolve(error.message); });
    child.once('exit', (code, signal) => { resolve(asked ? undefined : (signal ?? `exit code ${code ?? '?'}`)); });
  });
  const end = async (signal: NodeJS.Signals) => {
    asked = true;
    child.kill(signal);
    const lastResort = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await gone;
    clearTimeout(lastResort);
  };
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

function firstMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    child.on('message', (message) => { resolve(readySchema.parse(message).ready); });
  });
}

/** What a process said last: the first line of it that is an error, else the last line. */
function whyOf(output: string): string {
  const lines = output.trim().split('\n');
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').replace(/^\w*Error: /, '').trim();
}
