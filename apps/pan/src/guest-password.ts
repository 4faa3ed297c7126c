import type { IseNode } from '@isesim/node';

// Unambiguous when read aloud or from a badge: no 0/O, 1/l/I.
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 10;

/** What the guest has in place of `former`. */
export function nextPassword(node: IseNode, id: string, former: string): string {
  return node.world.random.text(`password ${id} after ${former}`, length, alphabet);
}

/** The first password of the guest with this id. */
export function newPassword(node: IseNode, id: string): string {
  return node.world.random.text(`password ${id}`, length, alphabet);
}
