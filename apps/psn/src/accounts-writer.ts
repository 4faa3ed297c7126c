import { Problem } from '@isesim/domain';
import type { IseNode } from '@isesim/node';

/** Where accounts are written: portals keep theirs on the primary PAN. */
export function accountsWriter(node: IseNode): string {
  const primary = node.holders()['primary PAN'];
  if (primary !== undefined) return primary;
  throw new Problem('refused', 'no-primary-pan', 'there is no primary PAN to write the account', 'Wait until the deployment is up.');
}
