import { Problem, type Guest } from '@isesim/domain';
import type { IseNode } from '@isesim/node';

// All that an id, which is part of a subject, can be.
const isId = /^[\w-]+$/;

/** By id, user name or mail address. Throws a `Problem` when there is none, or more than one with the address. */
export async function guestCalled(node: IseNode, called: string): Promise<Guest> {
  const known = isId.test(called) ? await node.guest(called) : undefined;
  if (known) return known;
  const withAddress: Guest[] = [];
  for await (const account of node.accounts()) {
    if (account.kind !== 'guest') continue;
    const { guest } = account;
    if (guest.username === called) return guest;
    if (guest.email.toLowerCase() === called.toLowerCase()) withAddress.push(guest);
  }
  const [guest, ...others] = withAddress;
  if (!guest) throw new Problem('wrong input', 'guest', `there is no guest "${called}"`, 'Write the user name, the mail address or the id of a guest: isesim mail ls --template guest-credentials shows who got credentials.');
  if (others.length === 0) return guest;
  throw new Problem('wrong input', 'guest', `${withAddress.length} guests have the address ${called}`, `Write the user name: ${withAddress.map(({ username }) => username).join(', ')}.`);
}

/** Nobody writes that the validity has ended: it follows from the account. */
export function stateNow(node: IseNode, { state, validTo }: Guest): Guest['state'] {
  return validTo <= node.world.clock.now() ? 'Expired' : state;
}
