import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isRunning, readControlFile, writeControlFile, type ControlFile } from '../client/control-file.ts';
import { CommandProblem } from '../problem.ts';

// Every try but the last removes what a dead supervisor left.
const triesMax = 3;

/**
 * Makes `folder` with our control file in it, in one step: of two supervisors that start at once, one gets the name. Throws a
 * problem when the name is taken by a supervisor that lives.
 */
export async function claimFolder(folder: string, control: ControlFile): Promise<void> {
  const draft = `${folder}.claim-${control.pid}`;
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  try {
    await writeControlFile(draft, control);
    for (let tries = 1; !(await movedTo(draft, folder)); tries += 1) {
      const holder = await readControlFile(folder);
      if (tries === triesMax || (holder && (await isRunning(holder)))) throw alreadyRunning(control.name);
      await removeLeftover(folder, holder, control.pid);
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

export function alreadyRunning(name: string): CommandProblem {
  return new CommandProblem({ kind: 'refused', code: 'running', message: `deployment "${name}" is running already`, remedy: `Stop it first: isesim down --deployment ${name}` });
}

/** A folder cannot be moved onto one that holds something. */
async function movedTo(draft: string, folder: string): Promise<boolean> {
  try {
    await rename(draft, folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved away before it is removed, and looked at again there: another may have claimed the name since it was judged. */
async function removeLeftover(folder: string, judged: ControlFile | undefined, pid: number): Promise<void> {
  const aside = `${folder}.stale-${pid}`;
  try {
    await rename(folder, aside);
  } catch {
    return;
  }
  const found = await readControlFile(aside);
  if (found?.token !== judged?.token) await rename(aside, folder);
  else await rm(aside, { recursive: true, force: true, maxRetries: 3 });
}
