import { printError } from './output/print-error.ts';
import { exitCodeOf, problemOf } from './problem.ts';
import { HelpShown, loadProgram } from './program.ts';

/** Runs the command line `args` and returns the exit code: 0 done, 1 failed or refused, 2 wrong input, 3 could not run. */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    const words = wordsOfHelp(args);
    const program = await loadProgram(words);
    await program.parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof HelpShown) return error.exitCode;
    const problem = problemOf(error);
    printError(problem, { json: args.includes('--json') });
    return exitCodeOf(problem);
  }
}

// Commander's own "help" looks at the first verb alone.
function wordsOfHelp(args: readonly string[]): readonly string[] {
  return args[0] === 'help' && args.length > 2 ? [...args.slice(1), '--help'] : args;
}
