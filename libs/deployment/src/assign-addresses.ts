import { createHash } from 'node:crypto';
import type { DeploymentNode } from '@isesim/domain';
import type { Topology } from '@isesim/topology';

/**
 * Gives every node a loopback address of its own, from a network that follows from the deployment's name: two deployments on
 * one machine are told apart in a packet capture. Where the system has 127.0.0.1 alone, all nodes share it.
 */
export function assignAddresses(topology: Topology, evidence: 'address' | 'ehlo'): DeploymentNode[] {
  const [second = 0, third = 0] = createHash('sha256').update(topology.name).digest();
  const network = `127.${1 + (second % 250)}.${third}`;
  return topology.nodes.map(({ name, fqdn, personas, roles }, index) => ({
    name,
    fqdn,
    personas,
    roles,
    address: evidence === 'address' ? `${network}.${index + 1}` : '127.0.0.1',
  }));
}
