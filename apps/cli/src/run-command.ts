import type { Command } from 'commander';
import { printError } from './output/print-error.ts';
import { exitCodeOf, problemOf } from './problem.ts';
import { HelpShown, loadProgram } from './program.ts';

/** Runs the command line `args` and returns the exit code: 0 done, 1 failed or refused, 2 wrong input, 3 could not run. */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    const words = wordsOfHelp(args);
    const program = await loadProgram(words);
    await program.parseAsync(knowsVerb(program, words) ? words : words.filter((word) => !helpFlags.includes(word)), { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof HelpShown) return error.exitCode;
    const problem = problemOf(error);
    printError(problem, { json: args.includes('--json') });
    return exitCodeOf(problem);
  }
}

const helpFlags = ['--help', '-h'];

/** False when a word stands where a verb should and is none: Commander would show the help of what it stands below, as if that were meant. */
function knowsVerb(program: Command, words: readonly string[]): boolean {
  let command = program;
  for (const word of words) {
    if (word.startsWith('-') || command.commands.length === 0 || (command === program && word === 'help')) return true;
    const verb = command.commands.find((each) => each.name() === word);
    if (!verb) return false;
    command = verb;
  }
  return true;
}

// Commander's own "help" looks at the first verb alone.
function wordsOfHelp(args: readonly string[]): readonly string[] {
  return args[0] === 'help' && args.length > 2 ? [...args.slice(1), '--help'] : args;
}
