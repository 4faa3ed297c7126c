import { expect, it } from 'vitest';
import { knownFailureOf, knownFailures, logLineOf, logTextOf } from './known-failures.ts';
import { knownNotices } from './known-notices.ts';
import type { Outcome, Stage } from './outcome.ts';

const failed = (stage: Stage, code: string, reason = 'it failed'): Outcome => ({ kind: 'deferred', stage, reason, code });
const refused = (stage: Stage, code: number, enhanced: string): Outcome => ({ kind: 'refused', stage, reason: 'refused', reply: { code, enhanced, text: 'no' } });

it.each<[Outcome, string, string | null]>([
  [failed('connect', 'ETIMEDOUT', 'connect ETIMEDOUT smtp.office365.com:587'), 'connect-timeout', 'connect timed out'],
  [failed('token', 'ETIMEDOUT', 'connect ETIMEDOUT'), 'token-timeout', 'connect timed out'],
  [failed('auth', 'ETIMEDOUT', 'no answer within 1m'), 'no-answer', 'Read timed out'],
  [failed('token', 'ETIMEDOUT', 'no answer within 1m'), 'token-no-answer', 'Read timed out'],
  [failed('connect', 'ECONNREFUSED'), 'refused', 'Connection refused'],
  [failed('token', 'ECONNREFUSED'), 'token-refused', 'Connection refused'],
  [failed('connect', 'ENOTFOUND'), 'unknown-host', 'UnknownHostException'],
  [failed('token', 'ENOTFOUND'), 'token-unknown-host', 'UnknownHostException'],
  [failed('data', 'ECONNRESET'), 'reset', 'Connection reset'],
  [failed('token', 'ECONNRESET'), 'token-reset', 'Connection reset'],
  [failed('token', '90002'), 'tenant', 'Invalid tenant identifier or OAuth endpoint'],
  [failed('token', '900023'), 'tenant', 'Invalid tenant identifier or OAuth endpoint'],
  [failed('token', '7000215'), 'client-secret', 'Invalid client secret'],
  [failed('token', '7000222'), 'client-secret-expired', 'Invalid client secret'],
  [failed('token', '700016'), 'client-id', 'Invalid client ID'],
  [failed('token', '7000229'), 'no-enterprise-application', 'Invalid client ID'],
  [failed('token', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'entra-untrusted', 'unable to find valid certification path to requested target'],
  [failed('tls', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'exchange-untrusted', 'unable to find valid certification path to requested target'],
  [refused('auth', 535, '5.7.3'), 'email-address', 'Invalid email address'],
  [refused('auth', 535, '5.7.139'), 'smtp-auth-disabled', 'Invalid email address'],
  [refused('data', 430, '4.2.0'), 'mailbox-permission', null],
  [refused('data', 554, '5.2.252'), 'send-as-denied', null],
  [refused('auth', 550, '5.7.30'), 'basic-authentication', null],
])('%j is known as %s, which ISE shows as %j', (outcome, id, gui) => {
  expect(knownFailureOf(outcome)).toMatchObject({ id, gui });
});

it('what went well, and what nobody has seen before, is no known failure', () => {
  expect(knownFailureOf({ kind: 'accepted', reply: { code: 235, text: 'ok' } })).toBeUndefined();
  expect(knownFailureOf(refused('data', 599, '5.9.9'))).toBeUndefined();
});

it('each has a name of its own, a cause and a remedy, and can be told by something', () => {
  expect(new Set(knownFailures.map(({ id }) => id)).size).toBe(knownFailures.length);
  for (const { id, causes, remedy, stages, codes, replies } of knownFailures) {
    expect({ id, causes: causes.length > 0, remedy: remedy.length > 0, told: stages.length + codes.length + replies.length > 0 }).toEqual({ id, causes: true, remedy: true, told: true });
  }
});

it("its line of guest.log names the page's server, port and timeout", () => {
  const { log } = knownFailureOf(failed('connect', 'ETIMEDOUT', 'connect ETIMEDOUT')) ?? {};
  expect(log && logTextOf(log, { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000 })).toBe(
    "MessagingException : com.sun.mail.util.MailConnectException: Couldn't connect to host, port: smtp.office365.com, 587; timeout 60000;\nnested exception is:\njava.net.SocketTimeoutException: connect timed out",
  );
});

const page = { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000 };
const provider = 'cpm.guestaccess.apiservices.oauth.ExchangeOnlineProvider';

it.each<[string, Outcome, string]>([
  ['a name that is not found', failed('token', 'ENOTFOUND', 'login.microsoftonline.com, asked for an access token: getaddrinfo ENOTFOUND login.microsoftonline.com'), 'login.microsoftonline.com: java.net.UnknownHostException: login.microsoftonline.com'],
  ['the name of a proxy', failed('token', 'ENOTFOUND', 'login.microsoftonline.com, asked for an access token: getaddrinfo ENOTFOUND proxy.example'), 'login.microsoftonline.com: java.net.UnknownHostException: proxy.example'],
  ['a refused connection', failed('token', 'ECONNREFUSED'), 'login.microsoftonline.com: java.net.ConnectException: Connection refused'],
  ['silence', failed('token', 'ETIMEDOUT', 'no answer within 1m'), 'login.microsoftonline.com: java.net.SocketTimeoutException: Read timed out'],
  ['a reset', failed('token', 'ECONNRESET'), 'login.microsoftonline.com: java.net.SocketException: Connection reset'],
  ['a throttle', failed('token', 'EBADRESPONSE', 'login.microsoftonline.com, asked for an access token: login.microsoftonline.com answered 429 Too Many Requests'), 'login.microsoftonline.com answered 429 Too Many Requests'],
  ['what nobody has seen before', failed('token', 'EWHAT', 'login.microsoftonline.com, asked for an access token: something new'), 'something new'],
])('where there is no token for %s, the line of guest.log is that of the token provider', (_, outcome, text) => {
  expect(logLineOf(outcome, page)).toEqual({ logger: provider, message: `Error acquiring token: ${text}` });
});

it('where the mail server is what fails, the line names the mail server; of what nobody has seen before there is none', () => {
  expect(logLineOf(failed('connect', 'ENOTFOUND', 'smtp.office365.com, connecting: getaddrinfo ENOTFOUND smtp.office365.com'), page)?.message).toContain('java.net.UnknownHostException: smtp.office365.com');
  expect(logLineOf(failed('connect', 'EWHAT'), page)).toBeUndefined();
  expect(logLineOf({ kind: 'accepted', reply: { code: 250, text: 'ok' } }, page)).toBeUndefined();
});

it('an alarm or a success is no failure of an attempt, has a name of its own, says what it means and what to do', () => {
  const ids = knownNotices.map(({ id }) => id);
  expect(new Set([...ids, ...knownFailures.map(({ id }) => id)]).size).toBe(ids.length + knownFailures.length);
  for (const { notice, also, causes, remedy } of knownNotices) expect([notice !== undefined, (also ?? []).length, causes.length, remedy.length].every(Boolean)).toBe(true);
});
