import type { Launcher, RunningPart } from '@isesim/deployment';
import { startNode } from '@isesim/node';
import { assumeAll } from './personas.ts';

/** Starts every part inside this process: the same node code, only its world ends where a process would. */
export function inlineLauncher(onDefect: (what: string, error: unknown) => void): Launcher {
  return {
    startMicrosoft365: async (boot) => {
      // Loaded here: who starts processes needs none of the double's libraries.
      const { runMicrosoft365 } = await import('@isesim/microsoft365');
      const running = await runMicrosoft365(boot, onDefect);
      return { part: inlinePart(() => running.stop(), () => running.stop()), ready: running.ready };
    },
    startNode: async (boot) => {
      const running = await startNode(boot, { assume: await assumeAll(boot.node.personas), onDefect });
      return inlinePart(() => running.stop(), () => running.kill());
    },
  };
}

function inlinePart(stop: () => Promise<void>, kill: () => Promise<void>): RunningPart {
  let ended!: () => void;
  const gone = new Promise<undefined>((resolve) => {
    ended = () => { resolve(undefined); };
  });
  const end = (how: () => Promise<void>) => async () => {
    await how();
    ended();
  };
  return { pid: process.pid, stop: end(stop), kill: end(kill), gone };
}
