import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { askSupervisor } from '../client/ask.ts';
import { isAlive, isRunning } from '../client/control-file.ts';
import { findDeployment, runningDeployments, type RunningDeployment } from '../client/find-deployment.ts';
import { keptNames } from '../client/kept-state.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { note } from '../output/terminal.ts';
import { CommandProblem } from '../problem.ts';

export function downCommand(): Command {
  const command = verb('down', 'stop a running deployment; nothing of it is left, unless it is kept. Of one that is stopped and kept, remove what is kept', [
    'isesim down',
    'isesim down --deployment demo',
    'isesim down --keep',
  ]);
  command.option('--keep', 'keep all that it holds: "isesim up" with its topology goes on from here');
  return actsOnDeployment(command).action(async ({ keep = false, ...options }: DownFlags) => {
    const kept = keep ? undefined : await stoppedAndKept(options.deployment);
    if (kept !== undefined) {
      const { removeKeptDeployment } = await import('../supervisor/remove-kept.ts');
      await removeKeptDeployment(kept, process.env);
      showData('down', { deployment: kept, kept: false }, options, () => `${kept} is removed`);
      return;
    }
    const supervisor = await findDeployment(options.deployment);
    await askSupervisor(supervisor, 'down', { keep });
    await untilGone(supervisor);
    showData('down', { deployment: supervisor.name, kept: keep }, options, () => `${supervisor.name} is down${keep ? ' and kept' : ''}`);
  });
}

interface DownFlags extends DeploymentOptions {
  readonly keep?: boolean;
}

/** The one to act on, when it does not run but is kept: the one named, else the only one here. */
async function stoppedAndKept(name: string | undefined): Promise<string | undefined> {
  const running = (await runningDeployments(process.env)).map((each) => each.name);
  const kept = (await keptNames(process.env)).filter((each) => !running.includes(each));
  if (name !== undefined) return kept.find((each) => each === name);
  return running.length === 0 && kept.length === 1 ? kept[0] : undefined;
}

// Each node has some seconds to leave in order, all at once; what takes longer hangs.
const stopsWithinMs = 20_000;
const exitsWithinMs = 1_000;
const lookEveryMs = 20;

async function untilGone(supervisor: RunningDeployment): Promise<void> {
  if (await goneWithin(supervisor, stopsWithinMs)) return;
  note(`${supervisor.name} did not stop within ${stopsWithinMs / 1000} s: its supervisor is killed, and the rest by its guardian`);
  process.kill(supervisor.pid, 'SIGKILL');
  if (await goneWithin(supervisor, stopsWithinMs)) return;
  throw new CommandProblem({ kind: 'could not run', code: 'not-stopped', message: `${supervisor.name} could not be stopped`, remedy: `Look at process ${supervisor.pid} and at ${supervisor.folder}.` });
}

async function goneWithin(supervisor: RunningDeployment, ms: number): Promise<boolean> {
  if (!(await within(ms, async () => !(await exists(supervisor.folder)) && !(await isRunning(supervisor))))) return false;
  // It ends right after that; where nobody collects the dead, as in some containers, its process id stays.
  await within(exitsWithinMs, () => Promise.resolve(!isAlive(supervisor.pid)));
  return true;
}

async function within(ms: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const start = Date.now(); Date.now() - start < ms; ) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return false;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}
