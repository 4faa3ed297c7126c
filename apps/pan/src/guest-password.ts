import type { IseNode } from '@isesim/node';

// Unambiguous when read aloud or from a badge: no 0/O, 1/l/I.
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 10;

/** The first password of the guest with this id. */
export function newPassword(node: IseNode, id: string): string {
  return node.world.random.text(`password ${id}`, length, alphabet);
}
