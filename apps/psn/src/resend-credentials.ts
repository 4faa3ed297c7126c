import { Problem, type Guest, type Notification } from '@isesim/domain';
import type { IseNode, Takes } from '@isesim/node';
import { guestCredentialsData, sponsorCopyData, sponsorSummaryData } from '@isesim/notifications';
import { guestCalled, stateNow } from './guest-called.ts';

type Resend = Takes<'resend-credentials'>;

/**
 * Resend, by email, above the sponsor portal's list of accounts (Cisco document 225520): the guest gets the credentials again, the sponsor a
 * copy or a summary where the dialog says so. Accounts are read from where they are kept, so it needs no primary PAN.
 */
export function answerResendCredentials(node: IseNode): void {
  let count = 0;
  node.answer('resend-credentials', async (asked) => {
    const guest = await guestCalled(node, asked.guest);
    assertSendable(node, guest);
    const cause = `${guest.id} ${node.world.clock.now()} ${node.incarnation} ${count++}`;
    const mails = [credentialsTo(guest), ...(asked.copyMe || asked.summary ? mailsTo(sponsorOf(node, guest, asked), guest, asked) : [])];
    for (const mail of mails) await node.notify(told(node, mail, cause));
    return { guest, to: [...new Set(mails.flatMap(({ to }) => to))] };
  });
}

type Told = Pick<Notification, 'template' | 'to' | 'data' | 'sponsor'>;

function credentialsTo(guest: Guest): Told {
  return { template: 'guest-credentials-resent', to: [guest.email], data: guestCredentialsData(guest), ...(guest.sponsor === undefined ? {} : { sponsor: guest.sponsor }) };
}

function mailsTo(sponsor: string, guest: Guest, { copyMe, summary }: Resend): Told[] {
  return [
    ...(copyMe ? [{ template: 'sponsor-copy' as const, to: [sponsor], data: sponsorCopyData(guest) }] : []),
    ...(summary ? [{ template: 'sponsor-summary' as const, to: [sponsor], data: sponsorSummaryData(guest) }] : []),
  ];
}

function told({ world: { clock, random } }: IseNode, mail: Told, cause: string): Notification {
  const id = `${mail.template}-${random.text(`${mail.template} ${cause}`, 12)}`;
  return { ...mail, id, purpose: 'portal-notification', traceId: random.text(`trace resend ${cause}`, 16), at: clock.now() };
}

// Cisco's sponsor portal guide: only accounts that are Created or Active.
const sendable: readonly Guest['state'][] = ['Created', 'Active'];

function assertSendable(node: IseNode, guest: Guest): void {
  const state = stateNow(node, guest);
  if (!sendable.includes(state)) throw new Problem('refused', 'guest-state', `the account of ${guest.username} is ${state}`, 'Credentials are sent again to accounts that are Created or Active.');
  if (!node.page('guest-email').enabled) throw new Problem('refused', 'guest-email', 'email notifications to guests are off', 'Turn them on: isesim guest-email set --enabled true');
}

/** Sponsor's Email address, which the dialog has filled in with that of the sponsor. */
function sponsorOf(node: IseNode, guest: Guest, { sponsorEmail }: Resend): string {
  const { sponsors } = node.page('sponsors');
  const sponsor = sponsors.find(({ name }) => name === guest.sponsor) ?? sponsors[0];
  const address = sponsorEmail ?? sponsor?.email;
  if (address !== undefined) return address;
  throw new Problem('wrong input', 'sponsor', 'there is no sponsor', "Give the sponsor's mail address.");
}
