import { readFileSync } from 'node:fs';
import { CommandProblem } from '../problem.ts';

const standardInput = 0;

/** The text of a file, or of standard input for `-`. */
export function readTextFile(file: string): string {
  try {
    return readFileSync(file === '-' ? standardInput : file, 'utf8');
  } catch (error) {
    throw new CommandProblem({ kind: 'wrong input', code: 'file', message: `${file} could not be read: ${(error as Error).message}`, remedy: 'Name a file that is there and may be read.' });
  }
}
