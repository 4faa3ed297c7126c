import { readFile, stat } from 'node:fs/promises';

/** Why a file that a person named is not read. The message has both parts. */
export class UnreadFile extends Error {
  readonly fact: string;
  readonly remedy: string;

  constructor(fact: string, remedy: string, options?: ErrorOptions) {
    super(`${fact}; ${remedy}`, options);
    this.name = 'UnreadFile';
    this.fact = fact;
    this.remedy = remedy;
  }
}

export interface NamedFileOptions {
  /** Bytes. */
  readonly sizeMax: number;
  /** Reads a named pipe; left out, pipes are refused. */
  readonly readPipe?: (path: string, sizeMax: number) => Promise<Buffer>;
}

/** The bytes of a file that a person named. Throws an `UnreadFile` when it is none that can be read whole. */
export async function readNamedFile(path: string, { sizeMax, readPipe }: NamedFileOptions): Promise<Buffer> {
  try {
    // Looked at before it is opened: opening a pipe waits for its writer, and a device may never end.
    const found = await stat(path);
    if (found.isFIFO() && readPipe) return await readPipe(path, sizeMax);
    if (!found.isFile()) throw new UnreadFile(`this is ${kindOf(found)}`, 'name a file');
    if (found.size > sizeMax) throw tooLarge(found.size, sizeMax);
    // The system's own files say that they are empty, and some never end.
    return found.size === 0 ? Buffer.alloc(0) : await readFile(path);
  } catch (error) {
    throw error instanceof UnreadFile ? error : unreadable(error);
  }
}

export function tooLarge(bytes: number, sizeMax: number): UnreadFile {
  return new UnreadFile(`the file has ${bytes} bytes and was not read`, `write at most ${sizeMax}`);
}

function kindOf(found: Awaited<ReturnType<typeof stat>>): string {
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}

function unreadable(error: unknown): UnreadFile {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UnreadFile('there is no such file', 'check the path', { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new UnreadFile('you may not read this file', 'give yourself the right, or name another', { cause: error });
    default:
      return new UnreadFile(`this file cannot be read (${code})`, 'name another', { cause: error });
  }
}
