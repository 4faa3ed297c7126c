import type { Attempt, LogLine, Notification, Outcome } from '@isesim/domain';
import { expect, test } from 'vitest';
import { sendLog } from './send-log.ts';

const notice: Notification = { id: 'guest-expiry-7', purpose: 'guest-expiry', template: 'guest-expiry-notice', to: ['ana@guest.example'], data: { password: 'hunter2' }, traceId: 't', at: 0 };
const alarm: Notification = { ...notice, id: 'alarm-7', purpose: 'alarm', template: 'alarm' };

function makeLog() {
  const lines: LogLine[] = [];
  return { log: sendLog({ write: (line) => lines.push(line) }), lines, messages: () => lines.map(({ level, message }) => `${level} ${message}`) };
}

function attempts(...outcomes: Outcome[]): Attempt[] {
  return outcomes.map((outcome) => ({ at: 0, outcome, settingsRevision: 1 }));
}

test('a mail that is submitted says so in the words of ISE', () => {
  const { log, messages } = makeLog();
  log.submitting(notice);

  expect(messages()).toEqual(['INFO sendMailMessage: Submitting Mail Job', 'INFO submitMailMsgJob: Creating transport object...']);
});

test.each([
  { notification: notice, thread: 'GUEST_ACCESS_SMTP_RETRY_THREAD' },
  { notification: alarm, thread: 'MnT-AlarmWorkerMail-Threadpool-0' },
])('$notification.purpose mail is logged by the thread $thread, in nobody\'s name', ({ notification, thread }) => {
  const { log, lines } = makeLog();
  log.submitting(notification);
  log.refused(notification, 'primary PAN');
  log.attempted(notification, attempts({ kind: 'indefinite', reason: 'lost' }));

  expect(new Set(lines.map((line) => line.thread))).toEqual(new Set([thread]));
  expect(new Set(lines.map(({ user }) => user))).toEqual(new Set(['']));
});

test.each<{ outcome: Outcome; line: string }>([
  { outcome: { kind: 'accepted', reply: { code: 250, text: '2.0.0 OK' } }, line: 'INFO sendMailMessage: Future.get status: success (notificationId guest-expiry-7, attempt 1: 250 2.0.0 OK)' },
  { outcome: { kind: 'deferred', stage: 'connect', reason: 'connect ECONNREFUSED' }, line: 'ERROR sendMailMessage: Future.get status: failure (notificationId guest-expiry-7, attempt 1: deferred at connect, connect ECONNREFUSED)' },
  { outcome: { kind: 'unauthorized', stage: 'auth', reason: '535 5.7.3' }, line: 'ERROR sendMailMessage: Future.get status: failure (notificationId guest-expiry-7, attempt 1: unauthorized at auth, 535 5.7.3)' },
  { outcome: { kind: 'indefinite', reason: 'lost behind the final dot' }, line: 'ERROR sendMailMessage: Future.get status: failure (notificationId guest-expiry-7, attempt 1: indefinite, lost behind the final dot)' },
  { outcome: { kind: 'not-begun', reason: 'the duty moved' }, line: 'ERROR sendMailMessage: Future.get status: failure (notificationId guest-expiry-7, attempt 1: not-begun, the duty moved)' },
])('an attempt that ended $outcome.kind is logged with its reason', ({ outcome, line }) => {
  const { log, messages } = makeLog();
  log.attempted(notice, attempts(outcome));

  expect(messages()).toEqual([line]);
});

test('the last of several attempts is logged, with its count', () => {
  const { log, messages } = makeLog();
  log.attempted(notice, attempts({ kind: 'indefinite', reason: 'lost' }, { kind: 'accepted', reply: { code: 250, text: 'OK' } }));

  expect(messages()).toEqual([expect.stringContaining('attempt 2: 250 OK')]);
});

test('a mail that is not for this node to send is logged with the sender that it has, and without what it tells', () => {
  const { log, messages } = makeLog();
  log.refused(notice, 'primary PAN');

  expect(messages()).toEqual(['ERROR guest-expiry mail is not sent by this node, the primary PAN sends it (notificationId guest-expiry-7)']);
});
