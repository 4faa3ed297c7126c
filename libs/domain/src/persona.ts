/** The personas a node can have, by ISE's short names: Administration, Policy Service, Monitoring. */
export const personas = ['pan', 'psn', 'mnt'] as const;
export type Persona = (typeof personas)[number];

/** A role belongs to a persona; a PSN has none in ISE's deployment model. */
export const roles = ['primary', 'secondary'] as const;
export type Role = (typeof roles)[number];

/** What exactly one node of a deployment holds at any moment, and may lose to another. */
export const duties = ['primary PAN', 'active MnT'] as const;
export type Duty = (typeof duties)[number];

/** Node statuses, spelled as ISE's API spells them. */
export const nodeStatuses = [
  'Connected',
  'Disconnected',
  'InProgress',
  'ReplicationStopped',
  'RegistrationFailed',
  'NotInSync',
] as const;
export type NodeStatus = (typeof nodeStatuses)[number];

/** One appliance of a deployment, as all others know it. */
export interface DeploymentNode {
  readonly name: string;
  readonly fqdn: string;
  /** The loopback address that the deployment assigned; the node submits mail from it. */
  readonly address: string;
  readonly personas: readonly Persona[];
  readonly roles: { readonly pan?: Role | undefined; readonly mnt?: Role | undefined };
}

/** Agents beside the nodes, whose names no node can have: they share subjects with them. */
export const agentNames = ['operator', 'microsoft365', 'store'] as const;

/** Who holds which duty from an instant on; kept by the deployment, not by the nodes. */
export interface DutyHolders {
  readonly 'primary PAN'?: string;
  readonly 'active MnT'?: string;
}
