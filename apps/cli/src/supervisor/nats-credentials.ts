import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createCredentials, deploymentCredentialsSchema, type DeploymentCredentials } from '@isesim/deployment';
import { stateFolder } from '../client/state-folder.ts';

/** Where the credentials lie that the configuration of a server of others was made for. */
export function credentialsPath(env: NodeJS.ProcessEnv, deployment: string): string {
  return join(stateFolder(env), '.nats', `${deployment}.json`);
}

/** Those that were kept for a deployment of this name; undefined when none were made. */
export async function readCredentials(env: NodeJS.ProcessEnv, deployment: string): Promise<DeploymentCredentials | undefined> {
  try {
    return deploymentCredentialsSchema.parse(JSON.parse(await readFile(credentialsPath(env, deployment), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The same for whoever wants to have them: made once, and added to when the topology has new nodes. */
export async function keepCredentials(env: NodeJS.ProcessEnv, deployment: string, nodes: readonly string[]): Promise<DeploymentCredentials> {
  const made = createCredentials(nodes);
  const known = await readCredentials(env, deployment);
  const credentials = known ? { ...known, nodes: { ...made.nodes, ...known.nodes } } : made;
  const path = credentialsPath(env, deployment);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.draft-${process.pid}`;
  await writeFile(draft, `${JSON.stringify(credentials)}\n`, { mode: 0o600 });
  await rename(draft, path);
  return credentials;
}

/** For a boot: those that the server may know, with keys of their own for nodes that it cannot know; nothing is kept. */
export async function credentialsFor(env: NodeJS.ProcessEnv, deployment: string, nodes: readonly string[]): Promise<DeploymentCredentials> {
  const made = createCredentials(nodes);
  const known = await readCredentials(env, deployment);
  return known ? { ...known, nodes: Object.fromEntries(nodes.map((name) => [name, known.nodes[name] ?? made.nodes[name]])) as DeploymentCredentials['nodes'] } : made;
}
