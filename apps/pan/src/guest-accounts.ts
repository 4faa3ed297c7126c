import { dayMs, formatDuration, Problem, type Guest, type GuestType } from '@isesim/domain';
import type { IseNode, Takes } from '@isesim/node';
import { assertPrimary } from './admin-interface.ts';
import { newPassword, nextPassword } from './guest-password.ts';

type Form = Takes<'write-guest'>;

const idLength = 12;
const usernameDigits = 4;

/** Portals keep their accounts on the primary PAN: while it is down there are no new guests. */
export function writeGuestAccounts(node: IseNode, onWritten: (guest: Guest) => void): void {
  node.answer('write-guest', async (form) => {
    assertPrimary(node);
    const guest = await writeGuest(node, form);
    onWritten(guest);
    return { guest };
  });
  node.answer('write-guest-password', async ({ id }) => {
    const guest = await node.changeGuest(id, (former) => {
      assertPrimary(node);
      return { ...former, password: nextPassword(node, id, former.password) };
    });
    if (!guest) throw new Problem('refused', 'guest', `there is no guest with the id ${id}`, 'Look who is there.');
    return { guest };
  });
}

async function writeGuest(node: IseNode, form: Form): Promise<Guest> {
  const type = guestTypeOf(node, form);
  const createdAt = node.world.clock.now();
  const validForMs = validityOf(form, type);
  for (let count = 0; ; count += 1) {
    const id = node.world.random.text(`guest ${form.email} ${count}`, idLength);
    const guest: Guest = {
      id,
      username: usernameOf(form.email, node.world.random.text(`username ${id}`, usernameDigits, '0123456789')),
      password: newPassword(node, id),
      firstName: form.firstName ?? '',
      lastName: form.lastName ?? '',
      email: form.email,
      type: type.name,
      portal: form.portal,
      ...(form.sponsor === undefined ? {} : { sponsor: form.sponsor }),
      state: 'Created',
      createdAt,
      validFrom: createdAt,
      validTo: createdAt + validForMs,
    };
    if (await node.writeGuest(guest)) return guest;
  }
}

function guestTypeOf(node: IseNode, form: Form): GuestType {
  const { guestTypes } = node.page('guest-types');
  const type = form.type === undefined ? guestTypes[0] : guestTypes.find(({ name }) => name === form.type);
  if (type) return type;
  throw new Problem('wrong input', 'guest-type', `there is no guest type "${form.type ?? ''}"`, `Use one of ${guestTypes.map(({ name }) => name).join(', ')}.`);
}

function validityOf({ validForMs }: Form, { name, maxDays }: GuestType): number {
  const longest = maxDays * dayMs;
  if (validForMs === undefined || validForMs <= longest) return validForMs ?? longest;
  throw new Problem('wrong input', 'valid-for', `${formatDuration(validForMs)} is longer than guest type ${name} allows`, `Use at most ${maxDays}d.`);
}

/** The part before the @ with a number behind it: ana@one.example and ana@two.example log in under different names. */
function usernameOf(email: string, number: string): string {
  return `${email.slice(0, email.indexOf('@'))}${number}`;
}
