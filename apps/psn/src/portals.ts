import { Problem, type Guest, type Portal } from '@isesim/domain';
import type { IseNode, Takes } from '@isesim/node';
import { guestCredentialsData } from '@isesim/notifications';
import { accountsWriter } from './accounts-writer.ts';

/** A sponsor creates a guest, or a guest registers, at a portal that this PSN serves. */
export function servePortals(node: IseNode): void {
  node.answer('create-guest', async (form) => {
    const portal = portalOf(node, form.portal, 'sponsor');
    const sponsor = sponsorOf(node, form.sponsor);
    return await admit(node, { ...form, portal: portal.name, sponsor });
  });
  node.answer('self-register', async (form) => {
    const portal = portalOf(node, form.portal, 'self-registration');
    return await admit(node, { ...form, portal: portal.name, sponsor: undefined });
  });
}

/** The account is written on the primary PAN; the credentials leave from here. */
async function admit(node: IseNode, form: Omit<Takes<'write-guest'>, 'psn'>): Promise<{ guest: Guest; mailed: boolean }> {
  const { guest } = await node.ask(accountsWriter(node), 'write-guest', { ...form, psn: node.self.name });
  const mailed = node.page('guest-email').enabled;
  if (mailed) await sendCredentials(node, guest);
  return { guest, mailed };
}

function sendCredentials(node: IseNode, guest: Guest): Promise<void> {
  return node.notify({
    id: `guest-credentials-${guest.id}`,
    purpose: 'portal-notification',
    template: 'guest-credentials',
    to: [guest.email],
    data: guestCredentialsData(guest),
    ...(guest.sponsor === undefined ? {} : { sponsor: guest.sponsor }),
    traceId: node.world.random.text(`trace guest-credentials ${guest.id}`, 16),
    at: node.world.clock.now(),
  });
}

function portalOf(node: IseNode, name: string, type: Portal['type']): Portal {
  const { portals } = node.page('portals');
  const portal = portals.find((each) => each.name === name);
  if (portal?.type === type) return portal;
  const fitting = portals.filter((each) => each.type === type).map((each) => each.name);
  const fact = portal ? `portal "${name}" is a ${portal.type} portal` : `there is no portal "${name}"`;
  throw new Problem('wrong input', 'portal', fact, `Use one of ${fitting.join(', ')}.`);
}

function sponsorOf(node: IseNode, name: string | undefined): string {
  const { sponsors } = node.page('sponsors');
  const sponsor = name === undefined ? sponsors[0] : sponsors.find((each) => each.name === name);
  if (sponsor) return sponsor.name;
  throw new Problem('wrong input', 'sponsor', `there is no sponsor "${name ?? ''}"`, `Use one of ${sponsors.map((each) => each.name).join(', ')}.`);
}
