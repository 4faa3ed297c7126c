import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { askSupervisor } from '../client/ask.ts';
import { isAlive, isRunning } from '../client/control-file.ts';
import { findDeployment, type RunningDeployment } from '../client/find-deployment.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { note } from '../output/terminal.ts';
import { CommandProblem } from '../problem.ts';

export function downCommand(): Command {
  const command = verb('down', 'stop a running deployment; nothing of it is left', ['isesim down', 'isesim down --deployment demo']);
  return actsOnDeployment(command).action(async (options: DeploymentOptions) => {
    const supervisor = await findDeployment(options.deployment);
    await askSupervisor(supervisor, 'down', {});
    await untilGone(supervisor);
    showData('down', { deployment: supervisor.name }, options, () => `${supervisor.name} is down`);
  });
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
