import type { Alarm } from './alarm.ts';

export interface AlarmKind {
  readonly severity: Alarm['severity'];
  readonly description: string;
  readonly suggestedAction: string;
}

/** The two alarms that the Expiry Date of the client secret drives, by their documented names (Cisco document 225520). */
export const secretAlarms = {
  aboutToExpire: 'SMTP OAuth Client Secret about to be expired',
  expired: 'SMTP OAuth Client Secret is expired',
} as const;

/**
 * Kinds of alarm that isesim knows by name. The two of the client secret are documented by name and category (Cisco
 * document 225520); the other names are recalled from ISE's alarm settings. Severities and all texts are ours.
 */
const catalogue: Readonly<Record<string, AlarmKind>> = {
  [secretAlarms.aboutToExpire]: {
    severity: 'Warning',
    description: 'The client secret of the SMTP server settings reaches its expiry date soon.',
    suggestedAction: 'Create a new client secret in Microsoft Entra ID and enter it on the SMTP Server page.',
  },
  [secretAlarms.expired]: {
    severity: 'Critical',
    description: 'The client secret of the SMTP server settings has reached its expiry date.',
    suggestedAction: 'Create a new client secret in Microsoft Entra ID and enter it on the SMTP Server page.',
  },
  'Replication Stopped': {
    severity: 'Critical',
    description: 'A node no longer receives the configuration of the primary PAN.',
    suggestedAction: 'Check that the node can be reached, then start a manual synchronisation.',
  },
  'Process Down': {
    severity: 'Critical',
    description: 'A process of ISE is not running.',
    suggestedAction: 'Restart the application services of the node.',
  },
  'Health Status Unavailable': {
    severity: 'Critical',
    description: 'The monitoring node has received no health status from a node.',
    suggestedAction: 'Check that the node is running and can reach the monitoring nodes.',
  },
  'High CPU': {
    severity: 'Warning',
    description: 'The processors of a node are under high load.',
    suggestedAction: 'Check whether the load of the node fits its resources.',
  },
  'Queue Link Error': {
    severity: 'Warning',
    description: 'Two nodes cannot exchange messages.',
    suggestedAction: 'Check the certificates of the messaging service and the network between the nodes.',
  },
  'Configuration Changed': {
    severity: 'Info',
    description: 'The configuration was changed.',
    suggestedAction: 'Check that the change was meant.',
  },
};

/** What is known of an alarm of this name; an unknown one is described by its name alone. */
export function alarmKind(name: string): AlarmKind {
  const known = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  return known ?? { severity: 'Warning', description: name, suggestedAction: 'Look into its details.' };
}
