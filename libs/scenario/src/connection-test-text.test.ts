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
    { at, step: 'token-answer', status: 200, claims: { aud: 'https://outlook.office.com', roles: ['SMTP.SendAsApp'] } },
    { at, step: 'smtp', says: 'client', line: 'AUTH XOAUTH2 ***' },
    { at, step: 'smtp', says: 'server', line: '235 2.7.0 Authentication successful' },
  ];
  expect(connectionTestText({ ...accepted, trace })).toBe(`Test Connection from ise-1: Successfully connected to smtp.office365.com.

05:00:00.123  resolve  login.microsoftonline.com is 127.0.0.1
05:00:00.123  connect  login.microsoftonline.com:443 through the proxy proxy.example:8080 from 127.1.2.3:4567
05:00:00.123  token    POST https://login.microsoftonline.com/t/oauth2/v2.0/token
                         client_id = c
                         client_secret = ***
05:00:00.123  token    200, a token that says
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

it('another failure ends with its known causes', () => {
  const text = connectionTestText({ ...failed, message: 'Invalid client secret', failure: 'client-secret', trace: [] });
  expect(text).toContain('From ise-1 it fails (Invalid client secret): the Client Secret is mistyped, or the Secret ID was entered instead of its value, or ');
});

it('what is not known is told as it came', () => {
  const { failure: _, remedy: __, ...unknown } = failed;
  expect(connectionTestText({ ...unknown, message: 'something new', trace: [] })).toMatch(/From ise-1 it fails \(something new\)\.$/);
});
