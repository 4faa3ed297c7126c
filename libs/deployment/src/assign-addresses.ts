import { createHash } from 'node:crypto';
import type { DeploymentNode } from '@isesim/domain';
import type { Topology } from '@isesim/topology';

/**
 * Gives every node a loopback address of its own, from a network that follows from the deployment's name: two deployments on
 * one machine are told apart in a packet capture. Where the system has 127.0.0.1 alone, all nodes share it.
 */
export function assignAddresses(topology: Topology, evidence: 'address' | 'ehlo'): DeploymentNode[] {
  return topology.nodes.map(({ name, fqdn, personas, roles }, index) => ({
    name,
    fqdn,
    personas,
    roles,
    address: evidence === 'address' ? addressAt(topology.name, index) : '127.0.0.1',
  }));
}

// 127.0 is left to everybody else; the last octet keeps clear of .0 and .255, which look like a network and a broadcast.
const perNetwork = 254;

function addressAt(deployment: string, index: number): string {
  const [second = 0, third = 0] = createHash('sha256').update(deployment).digest();
  const network = third + Math.floor(index / perNetwork);
  return `127.${1 + (second % 254)}.${network % 256}.${1 + (index % perNetwork)}`;
}
