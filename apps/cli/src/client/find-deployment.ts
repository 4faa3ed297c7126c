import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandProblem } from '../problem.ts';
import { isRunning, readControlFile, type ControlFile } from './control-file.ts';
import { keptNames, readKept } from './kept-state.ts';
import { removeLeftover } from './remove-leftover.ts';
import { stateFolder } from './state-folder.ts';

export interface RunningDeployment extends ControlFile {
  readonly folder: string;
}

/** The deployment to act on: the one named, else that of ISESIM_DEPLOYMENT, else the only one that runs here. Throws a problem when there is no such one. */
export async function findDeployment(given: string | undefined, env: NodeJS.ProcessEnv = process.env): Promise<RunningDeployment> {
  const name = given ?? (env['ISESIM_DEPLOYMENT'] || undefined);
  const running = await runningDeployments(env);
  if (name !== undefined) return running.find((each) => each.name === name) ?? (await notRunning(name, running, env));
  const [only, ...others] = running;
  if (only === undefined) throw await noneRunning(env);
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

async function noneRunning(env: NodeJS.ProcessEnv): Promise<CommandProblem> {
  const [kept] = await keptNames(env);
  if (kept !== undefined) return onlyKept('no deployment runs here', kept, env);
  return new CommandProblem({ kind: 'could not run', code: 'no-deployment', message: 'no deployment runs here', remedy: 'Start one: isesim up topology/demo.yaml --detach' });
}

async function onlyKept(fact: string, name: string, env: NodeJS.ProcessEnv): Promise<CommandProblem> {
  const kept = await readKept(join(stateFolder(env), name));
  const since = kept ? ` since ${new Date(kept.stoppedAt).toISOString()}, at simulated time ${new Date(kept.deployment.memory.time).toISOString()}` : '';
  return new CommandProblem({
    kind: 'could not run',
    code: 'only-kept',
    message: `${fact}; "${name}" is stopped and kept${since}`,
    remedy: `Go on with it: isesim up <its topology>. Or remove what is kept: isesim down --deployment ${name}`,
  });
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

async function notRunning(name: string, running: readonly RunningDeployment[], env: NodeJS.ProcessEnv): Promise<never> {
  if ((await keptNames(env)).includes(name)) throw await onlyKept(`deployment "${name}" does not run here`, name, env);
  const others = running.length > 0 ? `Running here: ${running.map((each) => each.name).join(', ')}.` : 'No deployment runs here; start one: isesim up topology/demo.yaml --detach';
  throw new CommandProblem({ kind: 'could not run', code: 'no-deployment', message: `deployment "${name}" does not run here`, remedy: others });
}
