import type * as z from 'zod';
import { alarmList } from './alarm.ts';
import { backupRestore, backupTake } from './backup.ts';
import { clock } from './clock.ts';
import { faultList } from './fault.ts';
import { logFile } from './log-file.ts';
import { mailList, mailOutbox, mailShow, mailTail, mailWait } from './mail.ts';
import { proxyShow, trustedCertificateList } from './network-pages.ts';
import type { Operation } from './operation.ts';
import { alarmSettingsShow, guestEmailShow, logLevelShow, passwordPolicyShow } from './settings-pages.ts';
import { smtpShow } from './smtp.ts';
import { status } from './status.ts';
import { stepOperations } from './step-operations.ts';

/** What a supervisor can be asked besides the steps of a scenario, by the name of the verb. */
export const operations = {
  status,
  'alarm-ls': alarmList,
  'mail-ls': mailList,
  'mail-show': mailShow,
  'mail-wait': mailWait,
  'mail-tail': mailTail,
  'mail-outbox': mailOutbox,
  clock,
  'smtp-show': smtpShow,
  'proxy-show': proxyShow,
  'trusted-certificate-ls': trustedCertificateList,
  'fault-ls': faultList,
  'log-file': logFile,
  'guest-email-show': guestEmailShow,
  'alarm-settings-show': alarmSettingsShow,
  'password-policy-show': passwordPolicyShow,
  'log-level-show': logLevelShow,
  'backup-take': backupTake,
  'backup-restore': backupRestore,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
export type Given<Name extends OperationName> = z.input<Operations[Name]['takes']>;
export type Answered<Name extends OperationName> = Awaited<ReturnType<Operations[Name]['run']>>;

export function operationNamed(name: string): Operation | undefined {
  if (Object.hasOwn(stepOperations, name)) return stepOperations[name];
  return Object.hasOwn(operations, name) ? (operations[name as OperationName] as unknown as Operation) : undefined;
}
