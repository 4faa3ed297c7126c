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
  /** What runs in the process. */
  readonly module?: string;
}

// What an ended scenario still has to close.
const stopWithinMs = 5_000;

/** A process that plays scenarios, one at a time: a scenario that breaks its process breaks no other. */
export class Worker {
  readonly #options: WorkerOptions;
  #child: ChildProcess | undefined;
  #stopped = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** `scenario` is what the result names when the process cannot. */
  async play(task: Task, scenario: Pick<ScenarioResult, 'file' | 'name' | 'seed'>): Promise<ScenarioResult> {
    const child = this.#living();
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
      // If it cannot be told it is about to exit.
      child.send({ kind: 'play', task } satisfies ToWorker, () => undefined);
    });
    if (typeof result !== 'string') return result;
    await this.#kill();
    return couldNotRun(scenario, new Error(this.#stopped ? 'interrupted' : result), performance.now() - began);
  }

  /** Ends what it plays and leaves. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const child = this.#child;
    if (!child || isGone(child)) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    if (child.connected) child.send({ kind: 'stop' } satisfies ToWorker, () => undefined);
    await gone;
    clearTimeout(timer);
  }

  /** One that died while it had nothing to do is replaced. */
  #living(): ChildProcess {
    if (!this.#child || isGone(this.#child)) this.#child = this.#start();
    return this.#child;
  }

  #start(): ChildProcess {
    const { env, module = join(packageFolder(), 'bundle', 'run', 'worker-main.js') } = this.#options;
    // With a process group of its own Ctrl-C would not reach it; it ignores that, and ends when its channel does.
    return fork(module, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || isGone(child)) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
    child.kill('SIGKILL');
    await gone;
  }
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
