import type { Answers, Takes, Verb } from '@isesim/bus';
import type { DeploymentNode, Microsoft365Ready, Random } from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import { firstAccounts, firstPages } from './first-configuration.ts';

export interface InstallOptions {
  readonly topology: Topology;
  readonly nodes: readonly DeploymentNode[];
  readonly roots: Microsoft365Ready['roots'];
  /** Turns secrets into what may travel. */
  readonly seal: (value: unknown) => unknown;
  readonly random: Random;
  readonly ask: <V extends Verb>(verb: V, value: Takes<V>) => Promise<Answers<V>>;
}

// One message carries far more of them; a server holds so many writes well.
const accountsAtOnce = 500;

/** Gives the primary PAN the accounts and the configuration that the topology describes. */
export async function install({ topology, nodes, roots, seal, random, ask }: InstallOptions): Promise<void> {
  const pages = seal(firstPages(topology, nodes, roots)) as Takes<'install'>['pages'];
  const accounts = firstAccounts(topology, random);
  for (let first = 0; first < accounts.length; first += accountsAtOnce) await ask('install-accounts', { accounts: accounts.slice(first, first + accountsAtOnce) });
  await ask('install', { pages });
}
