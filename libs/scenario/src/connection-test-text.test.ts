import type { ConnectionTest, Traced } from '@isesim/domain';
import { expect, it } from 'vitest';
import { connectionTestText } from './connection-test-text.ts';

const at = Date.parse('2026-02-02T05:00:00.123Z');
const accepted: ConnectionTest = { node: 'ise-1', by: 'ISE', succeeded: true, message: 'Successfully connected to smtp.office365.com.', certainty: 'documented', outcome: { kind: 'accepted', reply: { code: 235, text: 'ok' } } };
const untrusted: Traced = {
  at,
  step: 'tls',
  host: 'login.microsoftonline.com',
  protocol: 'TLSv1.3',
  chain: [
    { subject: 'CN=leaf', issuer: 'CN=issuing', validFrom: 'then', validTo: 'later', trusted: false },
    { subject: 'CN=issuing', issuer: 'CN=root', validFrom: 'then', validTo: 'later', trusted: false },
  ],
  failed: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
};
const failed: ConnectionTest = {
  ...accepted,
  succeeded: false,
  message: 'unable to find valid certification path to requested target',
  failure: 'entra-untrusted',
  remedy: 'Import the certificate.',
  trace: [untrusted],
};

it('untraced, a test says what its page shows', () => {
  expect(connectionTestText(accepted)).toBe('Test Connection from ise-1: Successfully connected to smtp.office365.com.');
});

it("a probe is told from ISE's own test", () => {
  expect(connectionTestText({ ...accepted, node: 'psn-2', by: 'isesim' })).toBe('Probe from psn-2, which ISE has not: Successfully connected to smtp.office365.com.');
});

it('a trace tells each event with its time, and ends with what follows', () => {
  const trace: Traced[] = [
    { at, step: 'resolve', name: 'login.microsoftonline.com', address: '127.0.0.1' },
    { at, step: 'connect', to: 'login.microsoftonline.com:443', proxy: 'proxy.example:8080', from: '127.1.2.3:4567' },
    { at, step: 'token-request', url: 'https://login.microsoftonline.com/t/oauth2/v2.0/token', form: { client_id: 'c', client_secret: '***' } },
    { at, step: 'token-answer', status: 200, answer: { token_type: 'Bearer', expires_in: 3599 }, claims: { aud: 'https://outlook.office.com', roles: ['SMTP.SendAsApp'] } },
    { at, step: 'smtp', says: 'client', line: 'AUTH XOAUTH2 ***' },
    { at, step: 'smtp', says: 'server', line: '235 2.7.0 Authentication successful' },
  ];
  expect(connectionTestText({ ...accepted, trace })).toBe(`Test Connection from ise-1: Successfully connected to smtp.office365.com.

05:00:00.123  resolve  login.microsoftonline.com is 127.0.0.1
05:00:00.123  connect  login.microsoftonline.com:443 through the proxy proxy.example:8080 from 127.1.2.3:4567
05:00:00.123  token    POST https://login.microsoftonline.com/t/oauth2/v2.0/token
                         client_id = c
                         client_secret = ***
05:00:00.123  token    200, token_type Bearer, expires_in 3599, a token that says
                         aud = https://outlook.office.com
                         roles = ["SMTP.SendAsApp"]
05:00:00.123  smtp     > AUTH XOAUTH2 ***
05:00:00.123  smtp     < 235 2.7.0 Authentication successful

The way from ise-1 is open and its login is taken; of other nodes this says nothing.`);
});

it('a chain that is not trusted is shown as presented, and the conclusion names the certificate that is missing', () => {
  expect(connectionTestText(failed)).toBe(`Test Connection from ise-1: unable to find valid certification path to requested target

05:00:00.123  tls      login.microsoftonline.com is not trusted: UNABLE_TO_GET_ISSUER_CERT_LOCALLY
                         presented: CN=leaf
                                    issued by CN=issuing, valid to later
                         presented: CN=issuing
                                    issued by CN=root, valid to later

From ise-1 it fails (unable to find valid certification path to requested target): the chain of login.microsoftonline.com leads to "CN=root", which is not among the certificates that the node trusts for authentication within ISE.
Import the certificate.`);
});

it('a chain that is trusted and has another name on it lacks no certificate', () => {
  const text = connectionTestText({ ...failed, message: 'Could not convert socket to TLS', failure: 'tls', trace: [{ ...untrusted, failed: 'ERR_TLS_CERT_ALTNAME_INVALID' }] });
  expect(text).toContain('the mail server takes no STARTTLS, or its certificate is not for its name');
  expect(text).not.toContain('leads to');
});

it('another failure ends with its known causes', () => {
  const text = connectionTestText({ ...failed, message: 'Invalid client secret', failure: 'client-secret', trace: [] });
  expect(text).toContain('From ise-1 it fails (Invalid client secret): the Client Secret is mistyped, or the Secret ID was entered instead of its value, or ');
});

const withToken = (claims: Record<string, unknown>): ConnectionTest => ({
  ...failed,
  message: 'Invalid email address',
  failure: 'email-address',
  remedy: 'Check everything.',
  trace: [{ at, step: 'token-answer', status: 200, claims }],
});

it.each([
  ['no roles', { aud: 'https://outlook.office.com' }, 'the token has no roles: '],
  ['other roles alone', { aud: 'https://outlook.office.com', roles: ['IMAP.AccessAsApp'] }, 'the token has the roles IMAP.AccessAsApp, and not SMTP.SendAsApp: '],
])('where the token has %s, that is the cause, and the remedy is consent', (_, claims, because) => {
  const end = connectionTestText(withToken(claims)).split('\n').slice(-2);
  expect(end).toEqual([
    `From ise-1 it fails (Invalid email address): ${because}no admin consent to SMTP.SendAsApp, or no such application permission (a delegated one gives no role).`,
    'Give the application the permission SMTP.SendAsApp of Office 365 Exchange Online, as an application permission, and grant admin consent.',
  ]);
});

it('where the token has the role, consent is none of the causes', () => {
  const end = connectionTestText(withToken({ roles: ['SMTP.SendAsApp'], oid: '0b0b0b0b-0000-4000-8000-000000000002' })).split('\n').slice(-2);
  expect(end[0]).toContain('From ise-1 it fails (Invalid email address): the token is in order (it has the role SMTP.SendAsApp), so it is what Exchange Online knows: Exchange Online does not know the service principal');
  expect(end[0]).toContain('has no licence');
  expect(end[1]).toBe("Check that Get-ServicePrincipal shows the token's oid as ObjectId (0b0b0b0b-0000-4000-8000-000000000002), the Email Address, and the licence of its user.");
  expect(end.join()).not.toMatch(/consent|delegated/);
});

it('of a token without roles a failure that is not of the login says nothing', () => {
  expect(connectionTestText({ ...withToken({}), failure: 'connect-timeout' })).not.toContain('roles');
});

it('what is not known is told as it came', () => {
  const { failure: _, remedy: __, ...unknown } = failed;
  expect(connectionTestText({ ...unknown, message: 'something new', trace: [] })).toMatch(/From ise-1 it fails \(something new\)\.$/);
});
