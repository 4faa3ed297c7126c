import { guestFormSchema } from '@isesim/bus';
import { durationSchema, formatInstant, Problem, type Guest, type Portal } from '@isesim/domain';
import { z } from 'zod';
import { operation, type DeploymentHandle } from './operation.ts';

const { email, firstName, lastName, portal, sponsor, type } = guestFormSchema.shape;
const form = z.object({ node: z.string().optional(), portal: portal.optional(), email, firstName, lastName, type, validFor: durationSchema.optional() });

/** A sponsor creates a guest at a sponsor portal. */
export const guestCreate = operation({
  takes: form.extend({ sponsor }),
  run: ({ deployment }, value) => admit(deployment, 'create-guest', 'sponsor', value),
});

/** A guest registers at a self-registration portal. */
export const guestSelfRegister = operation({
  takes: form,
  run: ({ deployment }, value) => admit(deployment, 'self-register', 'self-registration', value),
});

export type GuestView = Omit<Guest, 'createdAt' | 'validFrom' | 'validTo'> & Record<'createdAt' | 'validFrom' | 'validTo', string>;

async function admit(
  deployment: DeploymentHandle,
  verb: 'create-guest' | 'self-register',
  portalType: Portal['type'],
  { node, validFor, ...given }: z.output<typeof form>,
): Promise<{ guest: GuestView; node: string }> {
  const psn = servingPsn(deployment, node);
  const { guest } = await deployment.ask(psn, verb, { ...given, portal: given.portal ?? firstPortal(deployment, portalType), validForMs: validFor });
  return { guest: viewOf(guest), node: psn };
}

/** The PSN that is named, else the first one that runs: portals are served there. */
export function servingPsn(deployment: Pick<DeploymentHandle, 'nodes' | 'states'>, name: string | undefined): string {
  const { nodes } = deployment;
  const psns = nodes.filter(({ personas }) => personas.includes('psn')).map((each) => each.name);
  if (name === undefined) return deployment.states().find((state) => psns.includes(state.name) && state.status !== 'Disconnected')?.name ?? noPsn();
  if (psns.includes(name) || !nodes.some((each) => each.name === name)) return name;
  throw new Problem('wrong input', 'not-a-psn', `${name} serves no portals: it has no Policy Service persona`, `Use one of ${psns.join(', ')}.`);
}

function noPsn(): never {
  throw new Problem('refused', 'no-psn', 'no PSN is running, so no portal can be reached', 'Start one: isesim node start <name>; "isesim status" shows them.');
}

function firstPortal({ topology }: DeploymentHandle, type: Portal['type']): string {
  const portal = topology.portals.find((each) => each.type === type);
  if (portal) return portal.name;
  throw new Problem('wrong input', 'portal', `the deployment has no ${type} portal`, 'Give the topology one, under "portals".');
}

function viewOf(guest: Guest): GuestView {
  return { ...guest, createdAt: formatInstant(guest.createdAt), validFrom: formatInstant(guest.validFrom), validTo: formatInstant(guest.validTo) };
}
