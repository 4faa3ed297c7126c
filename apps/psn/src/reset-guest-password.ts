import { Problem, type Guest } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { passwordResetData } from '@isesim/notifications';
import { accountsWriter } from './accounts-writer.ts';
import { guestCalled, stateNow } from './guest-called.ts';

/** Reset Password above the sponsor portal's list of accounts: the primary PAN writes a new one, and the guest is told from here. */
export function answerResetGuestPassword(node: IseNode): void {
  node.answer('reset-guest-password', async (asked) => {
    const found = await guestCalled(node, asked.guest);
    assertInUse(node, found);
    const { guest } = await node.ask(accountsWriter(node), 'write-guest-password', { id: found.id });
    const mailed = node.page('guest-email').enabled;
    if (mailed) await tell(node, guest);
    return { guest, mailed };
  });
}

// Ours: in which states ISE resets a password is not documented.
function assertInUse(node: IseNode, guest: Guest): void {
  const state = stateNow(node, guest);
  if (state === 'Created' || state === 'Active') return;
  throw new Problem('refused', 'guest-state', `the account of ${guest.username} is ${state}`, 'Passwords are reset of accounts that are Created or Active.');
}

function tell(node: IseNode, guest: Guest): Promise<void> {
  const { clock, random } = node.world;
  // One mail for each new password, however often it is told.
  const fact = `password-reset ${guest.id} ${guest.password}`;
  return node.notify({
    id: `password-reset-${random.text(fact, 12)}`,
    purpose: 'portal-notification',
    template: 'password-reset',
    to: [guest.email],
    data: passwordResetData(guest),
    ...(guest.sponsor === undefined ? {} : { sponsor: guest.sponsor }),
    traceId: random.text(`trace ${fact}`, 16),
    at: clock.now(),
  });
}
