import { advance } from './steps/advance.ts';
import { backup } from './steps/backup.ts';
import { clearProxy } from './steps/clear-proxy.ts';
import { createGuest } from './steps/create-guest.ts';
import { expectAlarm } from './steps/expect-alarm.ts';
import { expectLog } from './steps/expect-log.ts';
import { expectMail } from './steps/expect-mail.ts';
import { expectNode } from './steps/expect-node.ts';
import { expectNoMail } from './steps/expect-no-mail.ts';
import { expectSettings } from './steps/expect-settings.ts';
import { fault } from './steps/fault.ts';
import { heal } from './steps/heal.ts';
import { importTrustedCertificate } from './steps/import-trusted-certificate.ts';
import { isolate } from './steps/isolate.ts';
import { kill } from './steps/kill.ts';
import { m365 } from './steps/m365.ts';
import { pause } from './steps/pause.ts';
import { promote } from './steps/promote.ts';
import { raiseAlarm } from './steps/raise-alarm.ts';
import { removeTrustedCertificate } from './steps/remove-trusted-certificate.ts';
import { resendCredentials } from './steps/resend-credentials.ts';
import { resetGuestPassword } from './steps/reset-guest-password.ts';
import { restart } from './steps/restart.ts';
import { restore } from './steps/restore.ts';
import { saveSmtp } from './steps/save-smtp.ts';
import { selfRegister } from './steps/self-register.ts';
import { sendTestMail } from './steps/send-test-mail.ts';
import { setAlarmSettings } from './steps/set-alarm-settings.ts';
import { setGuestEmail } from './steps/set-guest-email.ts';
import { setLogLevel } from './steps/set-log-level.ts';
import { setPasswordPolicy } from './steps/set-password-policy.ts';
import { setProxy } from './steps/set-proxy.ts';
import { setSmtp } from './steps/set-smtp.ts';
import { start } from './steps/start.ts';
import { testConnection } from './steps/test-connection.ts';
import type { Action, Step } from './step.ts';

/** Every step, by its name in a scenario; in the order of the reference. */
export const steps = {
  createGuest,
  selfRegister,
  resendCredentials,
  resetGuestPassword,
  raiseAlarm,
  sendTestMail,
  setSmtp,
  testConnection,
  saveSmtp,
  setProxy,
  clearProxy,
  importTrustedCertificate,
  removeTrustedCertificate,
  setGuestEmail,
  setAlarmSettings,
  setPasswordPolicy,
  setLogLevel,
  backup,
  restore,
  m365,
  advance,
  kill,
  start,
  restart,
  pause,
  promote,
  isolate,
  fault,
  heal,
  expectMail,
  expectNoMail,
  expectAlarm,
  expectNode,
  expectSettings,
  expectLog,
} as const;

export type Steps = typeof steps;
export type StepName = keyof Steps;
export type ActionName = { [Name in StepName]: Steps[Name] extends { kind: 'action' } ? Name : never }[StepName];

/** Steps of the format whose behaviour does not exist yet: they are refused by name. */
export const stepsNotSupportedYet: readonly string[] = [
  'login',
  'approveGuest',
  'denyGuest',
  'extendGuest',
  'suspendGuest',
  'reinstateGuest',
  'deleteGuest',
  'sync',
];

export function stepNamed(name: string): Step | undefined {
  return Object.hasOwn(steps, name) ? (steps[name as StepName] as unknown as Step) : undefined;
}

export const allSteps: readonly (readonly [StepName, Step])[] = Object.entries(steps) as unknown as [StepName, Step][];

export function isAction(step: Step): step is Action {
  return step.kind === 'action';
}
