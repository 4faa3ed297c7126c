import { readNamedFile, UnreadFile } from '@isesim/topology/file';
import { CommandProblem } from '../problem.ts';
import { readPipe } from './read-pipe.ts';

/** Largest sizes in bytes, limits of our own: what is larger was named by mistake. */
export const sizesMax = { secret: 64_000, credentials: 1_000_000, script: 1_000_000, message: 1_000_000, backup: 64_000_000 } as const;

/** The text of a file that a person named, of a pipe, or of standard input for `-`. Throws a problem with this `code`. */
export async function readTextFile(file: string, sizeMax: number, code = 'file'): Promise<string> {
  try {
    const bytes = file === '-' ? await readStandardInput(sizeMax) : await readNamedFile(file, { sizeMax, readPipe });
    return bytes.toString('utf8');
  } catch (error) {
    if (!(error instanceof UnreadFile)) throw error;
    const { fact, remedy } = error;
    throw new CommandProblem({ kind: 'wrong input', code, message: `${file === '-' ? 'standard input' : file} could not be read: ${fact}`, remedy: `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.` });
  }
}

async function readStandardInput(sizeMax: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size > sizeMax) throw new UnreadFile(`more than ${sizeMax} bytes come out of it`, 'write less into it');
  }
  return Buffer.concat(parts);
}
