import type { Guest, GuestType, Instant } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { guestExpiryNoticeData } from '@isesim/notifications';

export interface GuestExpiry {
  /** A guest was written: its notice falls due at its own moment. */
  watch(guest: Guest): void;
  /** Takes the duty up: looks at all guests and sends what is overdue. Returns what ends it. */
  begin(): Promise<() => void>;
}

/** Tells guests that their access is about to expire, at the exact moment: the end of validity less the guest type's notice. */
export function watchGuestExpiry(node: IseNode): GuestExpiry {
  const { clock } = node.world;
  const cancels = new Map<string, () => void>();
  let holding = false;

  const watch = (guest: Guest) => {
    const due = noticeDue(guest, node.page('guest-types').guestTypes);
    if (!holding || due === undefined || guest.validTo <= clock.now()) return;
    cancels.get(guest.id)?.();
    const tell = async () => {
      cancels.delete(guest.id);
      await sendNotice(node, guest);
    };
    cancels.set(guest.id, clock.at(Math.max(due, clock.now()), `expiry notice for ${guest.username}`, tell));
  };
  return {
    watch,
    begin: async () => {
      holding = true;
      for await (const account of node.accounts()) if (account.kind === 'guest') watch(account.guest);
      return () => {
        holding = false;
        for (const cancel of cancels.values()) cancel();
        cancels.clear();
      };
    },
  };
}

/** When the notice falls due; undefined when the guest type sends none. */
export function noticeDue(guest: Guest, guestTypes: readonly GuestType[]): Instant | undefined {
  const notice = guestTypes.find(({ name }) => name === guest.type)?.expiryNotice;
  return notice?.enabled ? Math.max(guest.validTo - notice.beforeMs, guest.validFrom) : undefined;
}

async function sendNotice(node: IseNode, guest: Guest): Promise<void> {
  if (!node.page('guest-email').enabled) return;
  const now = node.world.clock.now();
  await node.notify({
    // The end of validity is part of the fact: an extended account is told again.
    id: `guest-expiry-${guest.id}-${Math.floor(guest.validTo / 1000)}`,
    purpose: 'guest-expiry',
    template: 'guest-expiry-notice',
    to: [guest.email],
    data: guestExpiryNoticeData(guest, guest.validTo - now),
    ...(guest.sponsor === undefined ? {} : { sponsor: guest.sponsor }),
    traceId: node.world.random.text(`trace guest-expiry ${guest.id} ${guest.validTo}`, 16),
    at: now,
  });
}
