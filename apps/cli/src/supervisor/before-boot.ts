import { createInterface } from 'node:readline/promises';
import { fetchNatsServer, findNatsServer, noNatsServer } from '@isesim/launch';
import { runningDeployments } from '../client/find-deployment.ts';
import { note } from '../output/terminal.ts';
import { alreadyRunning } from './claim-folder.ts';

/** Throws a problem when a deployment of this name runs here: nothing is started then. */
export async function checkFree(name: string): Promise<void> {
  const running = await runningDeployments(process.env);
  if (running.some((each) => each.name === name)) throw alreadyRunning(name);
}

/** Path of nats-server: of this machine, from our cache, or fetched into it when the user wants that. */
export async function pickNatsServer({ install }: { install: boolean }): Promise<string> {
  const found = await findNatsServer(process.env);
  if (found !== undefined) return found;
  if (!install && !(await agreesToFetch())) throw noNatsServer('not on the PATH, not in the cache');
  note('fetching nats-server into our own cache: nothing is installed, no service is started');
  return fetchNatsServer(process.env);
}

async function agreesToFetch(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('There is no nats-server here. Fetch it into the cache of isesim (nothing is installed)? [y/N] ');
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
