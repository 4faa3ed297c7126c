import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnreadFile } from '@isesim/topology/file';

// Whoever names a pipe starts its writer beside it; a pipe without one by then was named by mistake.
const patienceMs = 5_000;
const lookEveryMs = 20;

/** What is written into the pipe at `path` until its writers are gone. Throws an `UnreadFile` when it has none, or gets too much. */
export async function readPipe(path: string, sizeMax: number, patience = patienceMs): Promise<Buffer> {
  // Opened so that opening does not wait: nothing could end that.
  const pipe = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return await readAll(pipe, sizeMax, performance.now() + patience);
  } finally {
    await pipe.close();
  }
}

async function readAll(pipe: FileHandle, sizeMax: number, deadline: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  let hasWriter = false;
  for (;;) {
    const part = await readPart(pipe);
    hasWriter ||= part === 'nothing yet' || part.length > 0;
    if (part !== 'nothing yet') {
      if (part.length === 0 && hasWriter) return Buffer.concat(parts);
      parts.push(part);
      size += part.length;
      if (size > sizeMax) throw new UnreadFile(`more than ${sizeMax} bytes come out of this pipe`, 'write less into it');
      if (part.length > 0) continue;
    }
    if (!hasWriter && performance.now() > deadline) throw new UnreadFile('nobody writes into this pipe', 'start its writer first, or name a file');
    await sleep(lookEveryMs);
  }
}

/** Empty when nobody holds the pipe open to write into it. */
async function readPart(pipe: FileHandle): Promise<Buffer | 'nothing yet'> {
  try {
    const { buffer, bytesRead } = await pipe.read({ buffer: Buffer.alloc(65_536), position: null });
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'nothing yet';
    throw error;
  }
}
