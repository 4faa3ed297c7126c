import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CommandProblem } from '../problem.ts';

// After that a command that does not end when it is asked to is ended.
const endsWithinMs = 5_000;

/** Runs a command with the terminal of this process and resolves with its exit code, as a shell tells it. */
export function runBeside([program = '', ...args]: readonly string[], environment: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
    let lastResort: NodeJS.Timeout | undefined;
    const end = () => {
      child.kill('SIGTERM');
      lastResort = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
    };
    signal.addEventListener('abort', end, { once: true });
    const left = () => {
      clearTimeout(lastResort);
      signal.removeEventListener('abort', end);
    };
    child.once('error', (error) => {
      left();
      reject(new CommandProblem({ kind: 'wrong input', code: 'command', message: `"${program}" could not be run: ${error.message}`, remedy: 'Name a program behind --, as: isesim exec topology/demo.yaml -- npm test' }));
    });
    child.once('exit', (code, killedBy) => {
      left();
      resolve(code ?? 128 + (killedBy ? constants.signals[killedBy] : 0));
    });
  });
}
