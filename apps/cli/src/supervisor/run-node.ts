import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeploymentNode } from '@isesim/domain';
import { remoteCredentialsSchema, runRemoteNode, type RemoteCredentials } from '@isesim/launch';
import { guestLogName } from '@isesim/node';
import { readTextFile, sizesMax } from '../client/read-text-file.ts';
import { showData } from '../output/show-data.ts';
import { CommandProblem } from '../problem.ts';
import { natsAddressFrom } from './nats-address.ts';
import { stopSignal } from './stop-signal.ts';

export interface RunNodeOptions {
  readonly nats: string | undefined;
  /** Path of the credentials file. */
  readonly creds: string;
  readonly json: boolean | undefined;
}

/** Runs a node here whose deployment was booted elsewhere. Its folder lives as long as it does: what it owes is in NATS. */
export async function runNode(name: string, { nats, creds, json }: RunNodeOptions): Promise<void> {
  const credentials = await readCredentials(name, creds);
  const address = natsAddressFrom(nats, process.env);
  const folder = await mkdtemp(join(tmpdir(), `isesim-${name}-`));
  try {
    await runRemoteNode({
      credentials: { ...credentials, nats: { ...credentials.nats, ...address } },
      folder,
      signal: stopSignal(),
      onJoined: (node) => { showData('node-run', { deployment: credentials.deployment, node: nodeOf(node), folder }, { json }, () => joinedText(credentials.deployment, node, folder)); },
      onDefect: (what, error) => {
        process.stderr.write(`${name}: ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function readCredentials(name: string, path: string): Promise<RemoteCredentials> {
  const text = await readTextFile(path, sizesMax.credentials, 'credentials');
  const { data } = remoteCredentialsSchema.safeParse(jsonOf(text));
  if (!data) throw wrong(`${path} is no credentials file of a node`);
  if (data.node !== name) throw wrong(`${path} holds the credentials of ${data.node}, not of ${name}`);
  return data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrong(message: string): CommandProblem {
  return new CommandProblem({ kind: 'wrong input', code: 'credentials', message, remedy: 'Take the file that "isesim up --remote" names when it boots the deployment.' });
}

function nodeOf({ name, fqdn, address, personas, roles }: DeploymentNode) {
  return { name, fqdn, address, personas, roles };
}

function joinedText(deployment: string, { name, address }: DeploymentNode, folder: string): string {
  return `${name} has joined "${deployment}" and connects from ${address}; its log: ${join(folder, guestLogName)}`;
}
