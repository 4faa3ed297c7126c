import { mkdir } from 'node:fs/promises';

/** True when `path` was made, for its owner alone; false when it was there. Of several that ask at once one gets true. */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
