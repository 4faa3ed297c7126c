import { defaultLogLevel, logComponents, logLevelOf, type Page } from '@isesim/domain';

/** Guest Email Settings, a field a line. */
export function guestEmailText({ enabled, from, useSponsorAddress }: Page<'guest-email'>): string {
  const sender = useSponsorAddress ? "the sponsor's address, if sponsored" : 'always the default address';
  return [`mail to guests        ${enabled ? 'on' : 'off'}`, `default From address  ${from}`, `sent from             ${sender}`].join('\n');
}

/** Alarm Notification, a field a line. */
export function alarmSettingsText({ from, additionalRecipients, clientSecretDays, clientSecretDaily }: Page<'alarm-notification'>): string {
  const days = clientSecretDays.length > 0 ? `${clientSecretDays.join(', ')} days before it expires${clientSecretDaily ? ', then daily' : ''}` : '(not before it expires)';
  return [`From address           ${from}`, `additional recipients  ${additionalRecipients.join(', ') || '(none)'}`, `client secret          ${days}`].join('\n');
}

/** The password policy, a field a line. */
export function passwordPolicyText({ from, reminders, administrators, internalUsers }: Page<'password-policy'>): string {
  const days = ({ lifetimeDays, reminderDays }: typeof administrators) => `expire after ${lifetimeDays} days, reminder ${reminderDays} days before`;
  return [
    `From of reminders  ${from ?? '(the default From address of guest mail)'}`,
    `reminders          ${reminders === 'once' ? 'once for a password' : 'daily until it expires'}`,
    `administrators     ${days(administrators)}`,
    `internal users     ${days(internalUsers)}`,
  ].join('\n');
}

/** Debug Log Configuration, a node a line. */
export function logLevelsText(levels: Page<'log-levels'>['levels'], nodes: readonly string[]): string {
  const width = Math.max(...nodes.map((name) => name.length));
  const line = (name: string) => logComponents.map((component) => `${component} ${logLevelOf(levels, name, component)}`).join(', ');
  return [...nodes.map((name) => `${name.padEnd(width)}  ${line(name)}`), '', `${defaultLogLevel} unless set`].join('\n');
}
