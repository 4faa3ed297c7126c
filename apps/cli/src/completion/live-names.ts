import { setTimeout } from 'node:timers/promises';
import { ask } from '../client/ask.ts';
import { runningDeployments } from '../client/find-deployment.ts';
import type { LiveNames } from './values.ts';

/** The names of what runs here; none when they cannot be had at once. */
export const liveNames: LiveNames = {
  deployments: () => soon(deploymentNames()),
  nodes: (deployment) => soon(nodeNames(deployment)),
};

// Someone sits at a prompt and waits.
const answersWithinMs = 300;

function soon(names: Promise<string[]>): Promise<string[]> {
  return Promise.race([names.catch(() => []), setTimeout(answersWithinMs, [], { ref: false })]);
}

async function deploymentNames(): Promise<string[]> {
  return (await runningDeployments(process.env)).map(({ name }) => name);
}

async function nodeNames(deployment: string | undefined): Promise<string[]> {
  const { nodes } = await ask('status', {}, { deployment });
  return nodes.map(({ name }) => name);
}
