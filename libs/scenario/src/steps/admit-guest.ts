import { formatInstant, Problem, type Guest, type Portal } from '@isesim/domain';
import type * as z from 'zod';
import { guestType, node, portal, span, words } from '../fields.ts';
import type { Stage } from '../stage.ts';
import { servingPsn } from './running-nodes.ts';

/** What is filled in for a guest, at either kind of portal. */
export const guestFields = {
  email: words.describe("The guest's mail address"),
  node: node.optional().describe('The PSN that serves the portal. Default: the first that runs'),
  portal: portal.optional().describe('Default: the first of its kind'),
  type: guestType.optional().describe('Default: the first guest type'),
  validFor: span.optional().describe('How long the account is valid. Default: the longest of the guest type'),
  firstName: words.optional().describe("The guest's first name"),
  lastName: words.optional().describe("The guest's last name"),
};

export type GuestView = Omit<Guest, 'createdAt' | 'validFrom' | 'validTo'> & Record<'createdAt' | 'validFrom' | 'validTo', string>;

export interface Admitted {
  readonly guest: GuestView;
  /** The PSN that served the portal. */
  readonly node: string;
  /** Whether the guest gets mail. */
  readonly mailed: boolean;
}

export async function admitGuest(
  { deployment }: Stage,
  verb: 'create-guest' | 'self-register',
  portalType: Portal['type'],
  { node: name, validFor, ...given }: z.output<z.ZodObject<typeof guestFields>> & { sponsor?: string | undefined },
): Promise<Admitted> {
  const psn = servingPsn(deployment, name);
  const { guest, mailed } = await deployment.ask(psn, verb, { ...given, portal: given.portal ?? firstPortal(deployment, portalType), validForMs: validFor });
  return { guest: guestView(guest), node: psn, mailed };
}

export function guestView(guest: Guest): GuestView {
  return { ...guest, createdAt: formatInstant(guest.createdAt), validFrom: formatInstant(guest.validFrom), validTo: formatInstant(guest.validTo) };
}

export function admittedText({ guest: { username, email, type, portal: at, validTo }, node: psn, mailed }: Admitted): string {
  return `guest ${username} (${email}), ${type}, valid until ${validTo}\nmade at portal ${at} on ${psn}; ${mailed ? `its mail: isesim mail wait --to ${email}` : noGuestMail}`;
}

/** Why a guest gets no mail, and what to do. */
export const noGuestMail = 'no mail is sent, since email notifications to guests are off: isesim guest-email set --enabled true';

function firstPortal({ topology }: Stage['deployment'], type: Portal['type']): string {
  const found = topology.portals.find((each) => each.type === type);
  if (found) return found.name;
  throw new Problem('wrong input', 'portal', `the deployment has no ${type} portal`, 'Give the topology one, under "portals".');
}
