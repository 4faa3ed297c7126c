import { formatInstant, secondMs, type Attempt, type LogLine, type Notification, type Outcome, type SmtpServerSettings } from '@isesim/domain';
import { expect, test } from 'vitest';
import { formatLogLine } from './guest-log.ts';
import { sendLog } from './send-log.ts';

const notice: Notification = { id: 'guest-expiry-7', purpose: 'guest-expiry', template: 'guest-expiry-notice', to: ['ana@guest.example'], data: { password: 'hunter2' }, traceId: 't', at: 0 };
const alarm: Notification = { ...notice, id: 'alarm-7', purpose: 'alarm', template: 'alarm' };
const portalTest: Notification = { ...notice, id: 'portal-test-7', purpose: 'portal-test', template: 'portal-test' };
const settings: SmtpServerSettings = { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000, tls: false, authentication: { type: 'none' } };
const accepted: Outcome = { kind: 'accepted', reply: { code: 250, text: '2.0.0 OK' } };
const start = Date.parse('2026-02-02T05:17:34.609Z');

function makeLog({ fraction = 0.695 } = {}) {
  const lines: LogLine[] = [];
  const texts: string[] = [];
  const clock = { time: start, now: () => clock.time };
  const write = (line: LogLine) => {
    lines.push(line);
    texts.push(formatLogLine(clock.time, line));
  };
  const log = sendLog({ log: { write }, clock, random: { fraction: () => fraction }, fqdn: 'ise-1.ise.example', administrator: () => 'admin' });
  const attempt = (outcome: Outcome): Attempt => ({ at: clock.time, outcome, settingsRevision: 1 });
  return { log, lines, texts, clock, attempt, messages: () => lines.map(({ level, message }) => `${level} ${message}`) };
}

// The lines of Cisco document 225520, letter for letter; the fourth here says 1 there, and the last one of the document goes on behind a line break.
test('the test mail of a portal is logged as in the document, line for line', () => {
  const { log, lines, texts, clock, attempt } = makeLog();
  const ended = log.begins(portalTest, settings);
  clock.time = Date.parse('2026-02-02T05:17:39.365Z');
  ended([attempt(accepted)]);

  const retries = 'cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil';
  const documented = texts.filter((_text, index) => lines[index]?.logger === retries);
  expect(documented).toEqual([
    `2026-02-02 05:17:34,609 INFO   [admin-http-pool139][[]] ${retries} -::admin:::- sendMailMessage: Submitting Mail Job`,
    `2026-02-02 05:17:34,609 INFO   [admin-http-pool139][[]] ${retries} -::admin:::- submitMailMsgJob: SMTP server FQDN ==> smtp.office365.com`,
    `2026-02-02 05:17:34,609 INFO   [admin-http-pool139][[]] ${retries} -::admin:::- sendMailMessage: Time taken for Submitting mail job is 0 Milli seconds.`,
    `2026-02-02 05:17:34,609 INFO   [admin-http-pool139][[]] ${retries} -::admin:::- sendMailMessage: Calling Future.get....`,
    `2026-02-02 05:17:34,609 INFO   [GUEST_ACCESS_SMTP_RETRY_THREAD][[]] ${retries} -:::::- submitMailMsgJob: Creating transport object...`,
    `2026-02-02 05:17:39,365 INFO   [GUEST_ACCESS_SMTP_RETRY_THREAD][[]] ${retries} -:::::- submitMailMsgJob: Time taken for transport.sendMessage() call is 4756 Milli Seconds.`,
    `2026-02-02 05:17:39,365 INFO   [admin-http-pool139][[]] ${retries} -::admin:::- sendMailMessage: Future.get status: success Time taken for Future.get method call is 4756 Milliseconds.`,
  ]);
});

test('an alarm is logged with its mail session at level DEBUG, twice as in the document, and other mail once', () => {
  const { log, texts } = makeLog();
  log.begins(alarm, settings);

  const begin = '2026-02-02 05:17:34,609 DEBUG  [MnT-AlarmWorkerMail-Threadpool-0][[]] cpm.guestaccess.apiservices.util.SmtpSession -:::::-';
  const session = [
    `${begin} SMTP settings : Username : null Port : 587 timeout : 60 isSSLEnabled: false isAuthEnabled false Server: smtp.office365.com`,
    `${begin} Setting MailSessionProperties`,
    `${begin} Set the FQDN : ise-1.ise.example`,
  ];
  expect(texts.filter((text) => text.includes(' DEBUG '))).toEqual([...session, ...session]);

  const other = makeLog();
  other.log.begins(notice, settings);
  expect(other.lines.filter(({ level }) => level === 'DEBUG').map(({ message }) => message)).toEqual(session.map((text) => text.slice(begin.length + 1)));
});

test.each([
  { notification: notice, threads: ['GUEST_ACCESS_SMTP_RETRY_THREAD'] },
  { notification: alarm, threads: ['MnT-AlarmWorkerMail-Threadpool-0'] },
  { notification: portalTest, threads: ['admin-http-pool139', 'GUEST_ACCESS_SMTP_RETRY_THREAD'] },
])('$notification.purpose mail is logged by $threads', ({ notification, threads }) => {
  const { log, lines, attempt } = makeLog();
  log.begins(notification, settings)([attempt(accepted)]);

  expect([...new Set(lines.map((line) => line.thread))]).toEqual(threads);
  expect(lines.filter(({ user }) => user !== '').map(({ thread }) => thread)).toEqual(lines.map(({ thread }) => thread).filter((thread) => thread.startsWith('admin')));
});

test('alarms that are mailed at once have a thread each, and the next one has the first again', () => {
  const { log, lines, attempt } = makeLog();
  const first = log.begins(alarm, settings);
  log.begins({ ...alarm, id: 'alarm-8' }, settings);
  first([attempt(accepted)]);
  log.begins({ ...alarm, id: 'alarm-9' }, settings);

  const begun = lines.filter(({ message }) => message === 'sendMailMessage: Submitting Mail Job');
  expect(begun.map(({ thread }) => thread.split('-').at(-1))).toEqual(['0', '1', '0']);
});

test.each<{ outcome: Outcome; line: string }>([
  { outcome: accepted, line: 'INFO notificationId guest-expiry-7, attempt 1: 250 2.0.0 OK' },
  { outcome: { kind: 'deferred', stage: 'connect', reason: 'connect ECONNREFUSED' }, line: 'ERROR notificationId guest-expiry-7, attempt 1: deferred at connect, connect ECONNREFUSED' },
  { outcome: { kind: 'unauthorized', stage: 'auth', reason: '535 5.7.3' }, line: 'ERROR notificationId guest-expiry-7, attempt 1: unauthorized at auth, 535 5.7.3' },
  { outcome: { kind: 'indefinite', reason: 'lost behind the final dot' }, line: 'ERROR notificationId guest-expiry-7, attempt 1: indefinite, lost behind the final dot' },
  { outcome: { kind: 'not-begun', reason: 'the duty moved' }, line: 'ERROR notificationId guest-expiry-7, attempt 1: not-begun, the duty moved' },
])('an attempt that ended $outcome.kind is logged with its reason, in a line of our own', ({ outcome, line }) => {
  const { log, lines, messages, attempt } = makeLog();
  log.begins(notice, settings)([attempt(outcome)]);

  expect(messages().at(-1)).toBe(line);
  expect(lines.at(-1)?.logger).toBe('isesim.mail');
});

test("what is known of a failure is logged in ISE's words", () => {
  const { log, lines, attempt } = makeLog();
  log.begins(notice, settings)([attempt({ kind: 'deferred', stage: 'connect', code: 'ETIMEDOUT', reason: 'ETIMEDOUT' })]);

  expect(lines.find(({ logger, level }) => logger.endsWith('.SmtpSession') && level === 'ERROR')?.message).toBe(
    "MessagingException : com.sun.mail.util.MailConnectException: Couldn't connect to host, port: smtp.office365.com, 587; timeout 60000;\nnested exception is:\njava.net.SocketTimeoutException: connect timed out",
  );
});

test.each<{ why: string; outcome: Outcome; text: string }>([
  {
    why: 'is not found',
    outcome: { kind: 'deferred', stage: 'token', code: 'ENOTFOUND', reason: 'login.microsoftonline.com, asked for an access token: getaddrinfo ENOTFOUND login.microsoftonline.com' },
    text: 'login.microsoftonline.com: java.net.UnknownHostException: login.microsoftonline.com',
  },
  { why: 'refuses the connection', outcome: { kind: 'deferred', stage: 'token', code: 'ECONNREFUSED', reason: 'connect ECONNREFUSED 127.0.0.1:443' }, text: 'login.microsoftonline.com: java.net.ConnectException: Connection refused' },
  {
    why: 'throttles',
    outcome: { kind: 'deferred', stage: 'token', code: 'EBADRESPONSE', reason: 'login.microsoftonline.com, asked for an access token: login.microsoftonline.com answered 429 Too Many Requests' },
    text: 'login.microsoftonline.com answered 429 Too Many Requests',
  },
])('where Entra ID $why, guest.log blames it, and no mail server', ({ outcome, text }) => {
  const { log, lines, attempt } = makeLog();
  log.begins(notice, settings)([attempt(outcome)]);

  const blamed = lines.filter(({ level, logger }) => level === 'ERROR' && logger.startsWith('cpm.guestaccess.apiservices.') && !logger.endsWith('RetryThreadUtil'));
  expect(blamed.map(({ logger, message }) => `${logger.split('.').at(-1) ?? ''} ${message}`)).toEqual([`ExchangeOnlineProvider Error acquiring token: ${text}`]);
});

test('each of several attempts is timed by itself, and the last is logged with its count', () => {
  const { log, messages, clock, attempt } = makeLog();
  const lost = attempt({ kind: 'indefinite', reason: 'lost' });
  log.begins(notice, settings)([lost]);
  clock.time += 30 * secondMs;
  const ended = log.begins(notice, settings);
  clock.time += 2 * secondMs;
  ended([lost, attempt(accepted)]);

  expect(formatInstant(clock.time)).toBe('2026-02-02T05:18:06.609Z');
  expect(messages().slice(-2)).toEqual([
    'INFO sendMailMessage: Future.get status: success Time taken for Future.get method call is 2000 Milliseconds.',
    'INFO notificationId guest-expiry-7, attempt 2: 250 2.0.0 OK',
  ]);
});

test('a mail that waits says for what', () => {
  const { log, messages } = makeLog();
  log.waits(notice, 'the SMTP server is not configured');

  expect(messages()).toEqual(['WARN notificationId guest-expiry-7 waits: the SMTP server is not configured']);
});

test('a mail that is not for this node to send is logged with the sender that it has, and without what it tells', () => {
  const { log, messages } = makeLog();
  log.refused(notice, 'primary PAN');

  expect(messages()).toEqual(['ERROR guest-expiry mail is not sent by this node, the primary PAN sends it (notificationId guest-expiry-7)']);
});
