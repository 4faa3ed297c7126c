import type { ChildProcess } from 'node:child_process';

export interface ChildEnd {
  /** Resolves when the process has ended, with a reason when nobody asked for that. */
  readonly gone: Promise<string | undefined>;
  /** Sends a signal that is to end the process, at last one that it cannot refuse; resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

const endsWithinMs = 3_000;

/** Watches for the end of a process that was just spawned, and brings it about. `reason` tells what `how` it ended (`SIGKILL`, `exit code 3`) means. */
export function childEnd(child: ChildProcess, reason = (how: string) => how): ChildEnd {
  let asked = false;
  const gone = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => { resolve(error.message); });
    child.once('exit', (code, signal) => { resolve(asked ? undefined : reason(signal ?? `exit code ${code ?? '?'}`)); });
  });
  const end = async (signal: NodeJS.Signals) => {
    asked = true;
    child.kill(signal);
    const lastResort = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
    await gone;
    clearTimeout(lastResort);
  };
  return { gone, end };
}
