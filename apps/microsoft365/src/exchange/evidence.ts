import type { DeploymentNode } from '@isesim/domain';

/** What the receiving side knows of a client, whatever the client's headers say. */
export interface Evidence {
  readonly remoteAddress: string;
  readonly ehlo: string;
}

/** The node that sent: by the address that it connected from, or by EHLO where all nodes share one address. */
export function senderOf(
  { remoteAddress, ehlo }: Evidence,
  nodes: readonly DeploymentNode[],
  basis: 'address' | 'ehlo',
): DeploymentNode | undefined {
  if (basis === 'address') return nodes.find(({ address }) => address === remoteAddress);
  return nodes.find(({ fqdn }) => fqdn.toLowerCase() === ehlo.toLowerCase());
}
