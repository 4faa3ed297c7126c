import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store, Work } from '@isesim/domain';

/** A node's own folder on disk. Writes of one file happen in the order in which they were asked for. */
export function fileStore(folder: string, work: Work): Store & { settled(): Promise<void> } {
  const lanes = new Map<string, Promise<void>>();
  return {
    read: (name) => work.outside(`read ${name}`, () => readIfThere(join(folder, name))),
    write: (name, text) =>
      work.outside(`write ${name}`, () => {
        const turn = (lanes.get(name) ?? Promise.resolve()).then(() => replace(folder, name, text));
        lanes.set(name, turn.catch(() => undefined));
        return turn;
      }),
    /** Resolves when the disk has done what it was asked for: whoever takes the folder over has it alone. */
    settled: async () => {
      await Promise.all(lanes.values());
    },
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function replace(folder: string, name: string, text: string): Promise<void> {
  const partial = join(folder, `${name}.partial`);
  const file = await openIn(folder, partial);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, join(folder, name));
}

/** Makes the folder when it is not there, which it almost always is: to look first would be most of the work. */
async function openIn(folder: string, path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return open(path, 'w', 0o600);
  }
}
