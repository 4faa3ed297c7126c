import { personas, type Role } from '@isesim/domain';
import type { FileNode } from './topology-file.ts';
import type { TopologyNode } from './topology.ts';

/** One node for each that an entry of the file stands for: `{ name: psn, count: 2 }` is psn-1 and psn-2. */
export function expandNodes(nodes: readonly FileNode[], domain: string): TopologyNode[] {
  return nodes.flatMap((node) => nodeNames(node.name, node.count).map((name) => nodeOf(node, name, domain)));
}

export function nodeNames(name: string, count: number | undefined): string[] {
  if (count === undefined) return [name];
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

function nodeOf(node: FileNode, name: string, domain: string): TopologyNode {
  const { fqdn = `${name}.${domain}`, pan, mnt, realAddress, nodeGroup } = node;
  return {
    name,
    fqdn,
    personas: personas.filter((persona) => node[persona]),
    roles: rolesOf(pan, mnt),
    ...(realAddress !== undefined && { realAddress }),
    ...(nodeGroup !== undefined && { nodeGroup }),
  };
}

function rolesOf(pan: Role | undefined, mnt: Role | undefined): TopologyNode['roles'] {
  return { ...(pan && { pan }), ...(mnt && { mnt }) };
}
