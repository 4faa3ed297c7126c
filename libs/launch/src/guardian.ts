import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Ends what this process has started if this process dies without doing so, in whatever way. */
export interface Guardian {
  /** `gone`: from then on the process id may be another process's, and is left alone. */
  watch(pid: number, gone: Promise<unknown>): void;
  /** Everything is cleared away: the guardian leaves, and removes nothing. Resolves when it is gone. */
  dismiss(): Promise<void>;
}

/** Starts the guardian: a process in a session of its own that waits for the end of the pipe from this one. */
export function startGuardian(folder: string): Guardian {
  const child = spawn(process.execPath, [require.resolve('@isesim/launch/guardian'), folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: {} });
  child.unref();
  // It can have been killed: then there is nobody to tell, and what it guards is stopped in order all the same.
  child.stdin.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => { resolve(); });
  });
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  const say = (line: string) => child.stdin.write(`${line}\n`);
  return {
    watch: (pid, processGone) => {
      say(`watch ${pid}`);
      void processGone.then(() => say(`forget ${pid}`));
    },
    dismiss: async () => {
      child.ref();
      say('dismiss');
      child.stdin.end();
      await gone;
    },
  };
}

/** Where somebody else sees to it that nothing is left. */
export const unguarded: Guardian = { watch: () => undefined, dismiss: () => Promise.resolve() };
