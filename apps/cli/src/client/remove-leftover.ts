import { randomUUID } from 'node:crypto';
import { rename, rm, rmdir, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, readControlFile } from './control-file.ts';
import { makeFolder } from './make-folder.ts';

const lookEveryMs = 20;
// A removal takes milliseconds: whoever held it so long died on the way.
const lockAgeMaxMs = 10_000;

// A guardian needs some tenths of a second, and whoever has just made the folder far less to write its control file.
const guardianTakesMs = 1_500;

/**
 * Removes a deployment's folder if no supervisor lives for it. Its guardian comes first: it would else remove what another has
 * claimed meanwhile. Then one at a time looks and removes: of two, the second could remove what a third has claimed.
 */
export async function removeLeftover(folder: string, guardianMs = guardianTakesMs): Promise<void> {
  if (await goneWithin(folder, guardianMs)) return;
  const lock = `${folder}.removal`;
  if (!(await makeFolder(lock))) {
    if (await isOld(lock)) await rmdir(lock).catch(() => undefined);
    await sleep(lookEveryMs);
    return;
  }
  try {
    const holder = await readControlFile(folder);
    if (holder && (await isRunning(holder))) return;
    await moveAway(folder, holder?.token);
  } finally {
    await rmdir(lock).catch(() => undefined);
  }
}

/** Looked at again when it is out of the way: it may have been removed, and claimed anew, since it was judged. */
async function moveAway(folder: string, token: string | undefined): Promise<void> {
  const aside = `${folder}.leftover-${randomUUID()}`;
  try {
    await rename(folder, aside);
  } catch (error) {
    // Whoever held it has removed it meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const found = await readControlFile(aside);
  if (found && found.token !== token) await rename(aside, folder);
  else await rm(aside, { recursive: true, force: true, maxRetries: 3 });
}

async function goneWithin(folder: string, ms: number): Promise<boolean> {
  for (const start = Date.now(); ; await sleep(lookEveryMs)) {
    if (!(await stat(folder).catch(() => undefined))) return true;
    if (Date.now() - start >= ms) return false;
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > lockAgeMaxMs;
}
