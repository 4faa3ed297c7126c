import { writeFileSync } from 'node:fs';
import { CommandProblem } from '../problem.ts';

/** Writes a file that its owner alone can read; one that is there is replaced. */
export function writeTextFile(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    throw new CommandProblem({ kind: 'wrong input', code: 'file', message: `${file} could not be written: ${(error as Error).message}`, remedy: 'Name a file in a folder that is there and may be written.' });
  }
}
