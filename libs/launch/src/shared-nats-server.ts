import { mkdir, rm } from 'node:fs/promises';
import { accountsConfiguration } from '@isesim/bus';
import { publicKeys, type DeploymentCredentials } from '@isesim/deployment';
import type { DeploymentNode } from '@isesim/domain';
import { startGuardian } from './guardian.ts';
import { keepNatsServer } from './keep-nats-server.ts';

/** A deployment that is to use a shared server, under a name of its own. */
export interface SharingDeployment {
  readonly name: string;
  readonly nodes: readonly Pick<DeploymentNode, 'name' | 'personas'>[];
  readonly credentials: DeploymentCredentials;
}

export interface SharedNatsServerOptions {
  /** Path of nats-server. */
  readonly binary: string;
  /** Holds configuration, store and log; made, and removed when the server is stopped. */
  readonly folder: string;
  /** All that will ever use it: a server takes no new accounts while it runs. */
  readonly deployments: readonly SharingDeployment[];
  /** Told when the server has died; it is started again. */
  readonly onLost?: (reason: string) => void;
}

export interface SharedNatsServer extends AsyncDisposable {
  readonly url: string;
  /** Stops it and leaves nothing of it. */
  stop(): Promise<void>;
}

/**
 * Starts one nats-server for many deployments, which neither see nor disturb each other: each has accounts of its own. If this
 * process dies, the server goes with it.
 */
export async function startSharedNatsServer({ binary, folder, deployments, onLost = () => undefined }: SharedNatsServerOptions): Promise<SharedNatsServer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const guardian = startGuardian(folder);
  const leave = async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    await guardian.dismiss();
  };
  const accounts = deployments.map(({ name, nodes, credentials }) => accountsConfiguration({ deployment: name, members: nodes, keys: publicKeys(credentials) }));
  const onPid = (pid: number, gone: Promise<unknown>) => { guardian.watch(pid, gone); };
  const server = await keepNatsServer({ binary, folder, accounts, onPid }, onLost).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= server.stop().then(leave));
  return { url: server.url, stop, [Symbol.asyncDispose]: stop };
}
