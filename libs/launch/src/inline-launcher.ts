import { microsoft365 } from '@isesim/bus';
import { LocalLink } from '@isesim/clock';
import type { Launcher, RunningPart } from '@isesim/deployment';
import { startNode, type RunningNode } from '@isesim/node';
import { assumeAll } from './personas.ts';

/** Starts every part inside this process: the same node code, only its world ends where a process would. */
export function inlineLauncher(onDefect: (what: string, error: unknown) => void): Launcher {
  const clockLink = new LocalLink();
  return {
    clockLink,
    startMicrosoft365: async (boot) => {
      // Loaded here: who starts processes needs none of the double's libraries.
      const { runMicrosoft365 } = await import('@isesim/microsoft365');
      const running = await runMicrosoft365(boot, onDefect, clockLink.endOf(microsoft365));
      return { part: inlinePart({ stop: () => running.stop(), kill: () => running.stop(), freeze: () => undefined, thaw: () => undefined }), ready: running.ready };
    },
    startNode: async (boot) => {
      const running = await startNode(boot, { assume: await assumeAll(boot.node.personas), onDefect, clockEnd: clockLink.endOf(boot.node.name) });
      return inlinePart(running);
    },
  };
}

function inlinePart(running: RunningNode): RunningPart {
  let ended!: () => void;
  const gone = new Promise<undefined>((resolve) => {
    ended = () => { resolve(undefined); };
  });
  const end = (how: () => Promise<void>) => async () => {
    await how();
    ended();
  };
  return {
    pid: process.pid,
    stop: end(() => {
      // A frozen node cannot leave in order.
      running.thaw();
      return running.stop();
    }),
    kill: end(() => running.kill()),
    pause: () => { running.freeze(); },
    resume: () => { running.thaw(); },
    gone,
  };
}
