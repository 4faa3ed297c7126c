import type { NodeState } from '@isesim/deployment';

/** The fields of a node that are a fixed contract, and no others. */
export function nodeView({ name, fqdn, address, personas, roles, duties, status, settingsRevision, pid, reason }: NodeState): NodeState {
  return { name, fqdn, address, personas, roles, duties, status, settingsRevision, pid, ...(reason !== undefined && { reason }) };
}
