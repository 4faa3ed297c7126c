import { expect, it } from 'vitest';
import { knownFailureOf, knownFailures, logTextOf } from './known-failures.ts';
import type { Outcome, Stage } from './outcome.ts';

const failed = (stage: Stage, code: string, reason = 'it failed'): Outcome => ({ kind: 'deferred', stage, reason, code });
const refused = (stage: Stage, code: number, enhanced: string): Outcome => ({ kind: 'refused', stage, reason: 'refused', reply: { code, enhanced, text: 'no' } });

it.each<[Outcome, string, string | null]>([
  [failed('connect', 'ETIMEDOUT', 'connect ETIMEDOUT smtp.office365.com:587'), 'connect-timeout', 'connect timed out'],
  [failed('token', 'ETIMEDOUT', 'connect ETIMEDOUT'), 'token-timeout', 'connect timed out'],
  [failed('auth', 'ETIMEDOUT', 'no answer within 1m'), 'no-answer', 'Read timed out'],
  [failed('token', '90002'), 'tenant', 'Invalid tenant identifier or OAuth endpoint'],
  [failed('token', '900023'), 'tenant', 'Invalid tenant identifier or OAuth endpoint'],
  [failed('token', '7000215'), 'client-secret', 'Invalid client secret'],
  [failed('token', '7000222'), 'client-secret-expired', 'Invalid client secret'],
  [failed('token', '700016'), 'client-id', 'Invalid client ID'],
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
