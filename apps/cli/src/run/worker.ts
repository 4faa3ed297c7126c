import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ScenarioResult } from '@isesim/scenario';
import { packageFolder } from '../package-folder.ts';
import { couldNotRun } from './could-not-run.ts';
import type { FromWorker, Task, ToWorker } from './worker-message.ts';

export interface WorkerOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Real time after which a scenario counts as hung. */
  readonly timeoutMs: number;
  readonly onStall: (file: string, blockers: readonly string[]) => void;
}

// What an ended scenario still has to close.
const stopWithinMs = 5_000;

/** A process that plays scenarios, one at a time: a scenario that breaks its process breaks no other. */
export class Worker {
  readonly #options: WorkerOptions;
  #child: ChildProcess | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  async play(task: Task, name: string): Promise<ScenarioResult> {
    const child = (this.#child ??= this.#start());
    const began = performance.now();
    const result = await new Promise<ScenarioResult | string>((resolve) => {
      let stalled = '';
      const end = (value: ScenarioResult | string) => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit);
        resolve(value);
      };
      const onExit = (code: number | null, signal: string | null) => { end(`the process that played it ended: ${signal ?? `exit code ${code ?? '?'}`}`); };
      const onMessage = (message: FromWorker) => {
        if (message.kind === 'played') end(message.result);
        if (message.kind === 'stalled') {
          stalled = `; it waited for ${message.blockers.join(', ')}`;
          this.#options.onStall(task.file, message.blockers);
        }
      };
      const timer = setTimeout(() => { end(`it did not end within ${this.#options.timeoutMs / 1000} s${stalled}`); }, this.#options.timeoutMs);
      child.on('message', onMessage).once('exit', onExit);
      child.send({ kind: 'play', task } satisfies ToWorker);
    });
    if (typeof result !== 'string') return result;
    await this.#kill();
    return couldNotRun({ file: task.file, name, seed: task.seed ?? 1 }, new Error(result), performance.now() - began);
  }

  /** Ends what it plays and leaves. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    if (child.connected) child.send({ kind: 'stop' } satisfies ToWorker, () => undefined);
    await gone;
    clearTimeout(timer);
  }

  #start(): ChildProcess {
    // With a process group of its own Ctrl-C would not reach it; it ignores that, and ends when its channel does.
    return fork(join(packageFolder(), 'bundle', 'run', 'worker-main.js'), { env: this.#options.env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
    child.kill('SIGKILL');
    await gone;
  }
}
