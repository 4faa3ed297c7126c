import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandProblem } from '../problem.ts';
import { isRunning, readControlFile, type ControlFile } from './control-file.ts';
import { removeLeftover } from './remove-leftover.ts';
import { stateFolder } from './state-folder.ts';

export interface RunningDeployment extends ControlFile {
  readonly folder: string;
}

/** The deployment to act on: the one named, else the only one that runs here. Throws a problem when there is no such one. */
export async function findDeployment(name: string | undefined, env: NodeJS.ProcessEnv = process.env): Promise<RunningDeployment> {
  const running = await runningDeployments(env);
  if (name !== undefined) return running.find((each) => each.name === name) ?? notRunning(name, running);
  const [only, ...others] = running;
  if (only === undefined) throw noneRunning();
  if (others.length > 0) throw severalRunning(running);
  return only;
}

/** Every deployment that runs here. What a supervisor that died left behind is removed. */
export async function runningDeployments(env: NodeJS.ProcessEnv): Promise<RunningDeployment[]> {
  const parent = stateFolder(env);
  const names = (await readdir(parent).catch(() => [])).filter(isDeploymentName).sort();
  const found = await Promise.all(names.map((name) => lookInto(join(parent, name))));
  return found.filter((each) => each !== undefined);
}

/** As topologies name deployments; anything else in the folder is none of ours. */
export function isDeploymentName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/.test(name);
}

async function lookInto(folder: string): Promise<RunningDeployment | undefined> {
  const control = await readControlFile(folder);
  if (!control) return undefined;
  if (await isRunning(control)) return { ...control, folder };
  await removeLeftover(folder);
  return undefined;
}

function noneRunning(): CommandProblem {
  return new CommandProblem({ kind: 'could not run', code: 'no-deployment', message: 'no deployment runs here', remedy: 'Start one: isesim up topology/demo.yaml --detach' });
}

function severalRunning(running: readonly RunningDeployment[]): CommandProblem {
  const names = running.map(({ name }) => name);
  return new CommandProblem({
    kind: 'wrong input',
    code: 'several-deployments',
    message: `several deployments run here: ${names.join(', ')}`,
    remedy: `Name one with --deployment, as --deployment ${names[0] ?? ''}.`,
  });
}

function notRunning(name: string, running: readonly RunningDeployment[]): never {
  const others = running.length > 0 ? `Running here: ${running.map((each) => each.name).join(', ')}.` : 'No deployment runs here; start one: isesim up topology/demo.yaml --detach';
  throw new CommandProblem({ kind: 'could not run', code: 'no-deployment', message: `deployment "${name}" does not run here`, remedy: others });
}
