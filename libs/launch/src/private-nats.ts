import { join } from 'node:path';
import { accountsConfiguration } from '@isesim/bus';
import { createCredentials, publicKeys, type DeploymentCredentials } from '@isesim/deployment';
import type { DeploymentNode } from '@isesim/domain';
import { keepNatsServer } from './keep-nats-server.ts';
import type { DeploymentNats } from './nats-access.ts';

export interface PrivateNatsOptions {
  /** Path of nats-server. */
  readonly binary: string;
  /** The deployment's folder: the server's lies in it. */
  readonly folder: string;
  readonly deployment: string;
  readonly nodes: readonly Pick<DeploymentNode, 'name' | 'personas'>[];
  /** Those of a deployment that goes on; new ones when left out. */
  readonly credentials?: DeploymentCredentials | undefined;
  readonly onPid: (pid: number, gone: Promise<unknown>) => void;
  readonly onLost: (reason: string) => void;
}

/** A nats-server for one deployment alone, with the accounts of all its nodes. */
export async function startPrivateNats({ binary, folder, deployment, nodes, credentials = createCredentials(nodes.map(({ name }) => name)), onPid, onLost }: PrivateNatsOptions): Promise<DeploymentNats> {
  const accounts = accountsConfiguration({ deployment, members: nodes, keys: publicKeys(credentials) });
  const server = await keepNatsServer({ binary, folder: join(folder, 'nats'), accounts: [accounts], onPid }, onLost);
  return { url: server.url, credentials, level2: true, livesOn: false, pid: () => server.pid, stop: () => server.stop() };
}
