import { readFileSync } from 'node:fs';
import { Problem } from '@isesim/domain';

const standardInput = 0;

/** A secret from a file (`-`: standard input) or the environment; never from an argument, which a process list shows. */
export function readSecret(file: string | undefined, environment: string | undefined): string | undefined {
  if (file === undefined) return environment;
  try {
    return readFileSync(file === '-' ? standardInput : file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new Problem('wrong input', 'secret-file', `${file} could not be read: ${(error as Error).message}`, 'Name a file that holds the secret and nothing else.', { cause: error });
  }
}
