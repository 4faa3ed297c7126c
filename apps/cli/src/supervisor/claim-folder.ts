import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isRunning, readControlFile, writeControlFile, type ControlFile } from '../client/control-file.ts';
import { makeFolder } from '../client/make-folder.ts';
import { removeLeftover } from '../client/remove-leftover.ts';
import { CommandProblem } from '../problem.ts';

// Each try but the first comes after a look at what stands in the way; others may be looking too.
const triesMax = 100;

/**
 * Makes `folder` with our control file in it: of two supervisors that start at once, one gets the name. Throws a problem when
 * the name is taken by a supervisor that lives.
 */
export async function claimFolder(folder: string, control: ControlFile, guardianMs?: number): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  for (let tries = 1; !(await makeFolder(folder)); tries += 1) {
    const holder = await readControlFile(folder);
    if (tries === triesMax || (holder && (await isRunning(holder)))) throw alreadyRunning(control.name);
    await removeLeftover(folder, guardianMs);
  }
  await writeControlFile(folder, control);
}

export function alreadyRunning(name: string): CommandProblem {
  return new CommandProblem({ kind: 'refused', code: 'running', message: `deployment "${name}" is running already`, remedy: `Stop it first: isesim down --deployment ${name}` });
}
