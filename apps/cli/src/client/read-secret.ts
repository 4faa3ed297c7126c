import { readTextFile, sizesMax } from './read-text-file.ts';

/** A secret from a file (`-`: standard input) or the environment; never from an argument, which a process list shows. */
export async function readSecret(file: string | undefined, environment: string | undefined): Promise<string | undefined> {
  if (file === undefined) return environment;
  return (await readTextFile(file, sizesMax.secret, 'secret-file')).replace(/\r?\n$/, '');
}
