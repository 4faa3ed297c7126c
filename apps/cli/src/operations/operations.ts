import type { z } from 'zod';
import { alarmList, alarmRaise } from './alarm.ts';
import { clock, clockAdvance } from './clock.ts';
import { guestCreate, guestSelfRegister } from './guest.ts';
import { mailList, mailOutbox, mailShow, mailTail, mailWait } from './mail.ts';
import { heal, logFile, nodeKill, nodePause, nodeRestart, nodeStart } from './node.ts';
import type { Operation } from './operation.ts';
import { portalTestMail } from './portal.ts';
import { smtpSave, smtpSet, smtpShow } from './smtp.ts';
import { status } from './status.ts';

/** All that a supervisor can be asked, by the name of the verb. */
export const operations = {
  status,
  'guest-create': guestCreate,
  'guest-self-register': guestSelfRegister,
  'alarm-raise': alarmRaise,
  'alarm-ls': alarmList,
  'portal-test-mail': portalTestMail,
  'mail-ls': mailList,
  'mail-show': mailShow,
  'mail-wait': mailWait,
  'mail-tail': mailTail,
  'mail-outbox': mailOutbox,
  clock,
  'clock-advance': clockAdvance,
  'node-kill': nodeKill,
  'node-start': nodeStart,
  'node-restart': nodeRestart,
  'node-pause': nodePause,
  heal,
  'smtp-show': smtpShow,
  'smtp-set': smtpSet,
  'smtp-save': smtpSave,
  'log-file': logFile,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
export type Given<Name extends OperationName> = z.input<Operations[Name]['takes']>;
export type Answered<Name extends OperationName> = Awaited<ReturnType<Operations[Name]['run']>>;

export function operationNamed(name: string): Operation | undefined {
  return Object.hasOwn(operations, name) ? (operations[name as OperationName] as unknown as Operation) : undefined;
}
