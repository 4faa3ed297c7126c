import { isIPv4 } from 'node:net';
import type { TopologyNode } from '@isesim/topology';
import { CommandProblem } from '../problem.ts';

/** `psn-1,psn-2=192.168.1.7`: nodes that are started elsewhere, each with the address it connects from if that is given. */
export function parseRemote(text: string, nodes: readonly Pick<TopologyNode, 'name'>[]): Map<string, string | undefined> {
  const remote = new Map<string, string | undefined>();
  for (const entry of text.split(',')) {
    const [name = '', address] = entry.split('=');
    if (!nodes.some((node) => node.name === name)) throw wrong(entry, `"${name}" is no node of the topology`, `Use ${nodes.map((node) => node.name).join(', ')}.`);
    if (address !== undefined && !isIPv4(address)) throw wrong(entry, `"${address}" is no IPv4 address`, 'Write the address from which the node connects, as psn-1=192.168.1.7.');
    if (address !== undefined && [...remote.values()].includes(address)) throw wrong(entry, `${address} is given twice`, 'Each node needs an address of its own: by it Exchange Online knows who sent.');
    remote.set(name, address);
  }
  return remote;
}

/** The double is reached there by every node, so it must be one address. */
export function checkListen(address: string): void {
  if (isIPv4(address) && address !== '0.0.0.0') return;
  throw new CommandProblem({ kind: 'wrong input', code: 'listen', message: `--listen "${address}" is no IPv4 address to be reached at`, remedy: 'Name one address of this machine, as --listen 192.168.1.5.' });
}

function wrong(entry: string, fact: string, remedy: string): CommandProblem {
  return new CommandProblem({ kind: 'wrong input', code: 'remote', message: `--remote "${entry}": ${fact}`, remedy });
}
