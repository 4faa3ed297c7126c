import type { DeploymentNode, Duty, DutyHolders, Persona } from './persona.ts';

export const purposes = ['guest-expiry', 'password-expiry', 'alarm', 'portal-notification', 'portal-test'] as const;
export type Purpose = (typeof purposes)[number];

export interface NodeTableRow {
  readonly purpose: Purpose;
  readonly describes: string;
  readonly sender: Duty | 'serving PSN';
  readonly persona: Persona;
  readonly basis: 'documented' | 'inferred';
}

/**
 * Which node sends which mail: the one copy of the rule that everything in isesim serves.
 * Source: Cisco document 225520, "ISE nodes that send e-mail"; `portal-test` is inferred from the
 * admin thread names in that document's logs.
 */
export const nodeTable: readonly NodeTableRow[] = [
  { purpose: 'guest-expiry', describes: 'Guest access is about to expire', sender: 'primary PAN', persona: 'pan', basis: 'documented' },
  { purpose: 'password-expiry', describes: 'A password is about to expire', sender: 'primary PAN', persona: 'pan', basis: 'documented' },
  { purpose: 'alarm', describes: 'Alarm', sender: 'active MnT', persona: 'mnt', basis: 'documented' },
  { purpose: 'portal-notification', describes: 'Sent by a guest or sponsor portal', sender: 'serving PSN', persona: 'psn', basis: 'documented' },
  { purpose: 'portal-test', describes: 'Test email of a portal page', sender: 'primary PAN', persona: 'pan', basis: 'inferred' },
];

export function rowOf(purpose: Purpose): NodeTableRow {
  const row = nodeTable.find((each) => each.purpose === purpose);
  if (!row) throw new RangeError(`no row of the node table has the purpose ${purpose}`);
  return row;
}

/** True when `node` may send mail of `purpose` while `holders` hold the duties. */
export function maySend(node: Pick<DeploymentNode, 'name' | 'personas'>, purpose: Purpose, holders: DutyHolders): boolean {
  const { sender, persona } = rowOf(purpose);
  if (!node.personas.includes(persona)) return false;
  return sender === 'serving PSN' || holders[sender] === node.name;
}

/** Every kind of mail text; each belongs to one purpose. */
export const templates = {
  'guest-credentials': 'portal-notification',
  'guest-credentials-resent': 'portal-notification',
  'approval-request': 'portal-notification',
  'guest-approved': 'portal-notification',
  'guest-denied': 'portal-notification',
  'password-reset': 'portal-notification',
  'sponsor-copy': 'portal-notification',
  'sponsor-summary': 'portal-notification',
  'guest-expiry-notice': 'guest-expiry',
  'admin-password-reminder': 'password-expiry',
  'user-password-reminder': 'password-expiry',
  alarm: 'alarm',
  'portal-test': 'portal-test',
} as const satisfies Record<string, Purpose>;
export type Template = keyof typeof templates;

export function purposeOf(template: Template): Purpose {
  return templates[template];
}
