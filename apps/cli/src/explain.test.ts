import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { knownFailures, knownNotices, logTextOf } from '@isesim/domain';
import { describe, expect, it, test } from 'vitest';
import { explain, nearby } from './explain.ts';
import { scenarioFiles } from './output/explain-text.ts';
import { runCommand } from './run-command.ts';
import { writtenOutput } from './fixtures/written-output.ts';

const ids = (text: string) => explain(text).map(({ id }) => id);

describe('a message of the SMTP Server page', () => {
  it.each([
    ['connect timed out', ['connect-timeout', 'token-timeout']],
    ['Invalid tenant identifier or OAuth endpoint', ['tenant']],
    ['Invalid client secret', ['client-secret', 'client-secret-expired']],
    ['invalid CLIENT secret.', ['client-secret', 'client-secret-expired']],
    ['Invalid email address', ['email-address', 'smtp-auth-disabled-tenant', 'conditional-access', 'security-defaults', 'smtp-auth-disabled']],
    ['unable to find valid certification path to requested target', ['entra-untrusted', 'exchange-untrusted']],
    ['unable to find valid certification path', ['entra-untrusted', 'exchange-untrusted']],
    ['Invalid OAuth endpoint or tenant identifier', ['tenant']],
    ['Connection to smtp.office365.con failed', ['connect-timeout', 'token-timeout', 'refused', 'unknown-host']],
    ['Connection to smtp.office365.com failed.', ['connect-timeout', 'token-timeout', 'refused', 'unknown-host']],
    ['validity check failed', ['certificate-expired']],
    ['certificate has expired', ['certificate-expired']],
    ['No subject alternative DNS name matching', ['tls']],
    ['No subject alternative DNS name matching smtp.contoso.example found.', ['tls']],
    ['Successfully connected to smtp.office365.com', ['test-succeeded']],
    ['Successfully connected to smtp.office365.com.', ['test-succeeded']],
    ['Test Connection from ise-1: Successfully connected to smtp.office365.com.', ['test-succeeded']],
  ])('%s', (text, expected) => {
    expect(ids(text)).toEqual(expected);
  });
});

describe('a reply of the mail server', () => {
  it.each([
    ['535 5.7.3 Authentication unsuccessful [AM0PR02CA0134.eurprd02.prod.outlook.com 2026-02-02T05:00:00.000Z 08DE6218A0000001]', ['email-address']],
    ['535 5.7.3', ['email-address']],
    ['535-5.7.3', ['email-address']],
    ['535', ['email-address', 'smtp-auth-disabled-tenant', 'conditional-access', 'security-defaults', 'smtp-auth-disabled', 'password']],
    ['535 5.7.139', ['smtp-auth-disabled-tenant', 'conditional-access', 'security-defaults', 'smtp-auth-disabled', 'password']],
    ['535 5.7.139 Authentication unsuccessful', ['smtp-auth-disabled-tenant', 'conditional-access', 'security-defaults', 'smtp-auth-disabled', 'password']],
    ['5.7.139', ['smtp-auth-disabled-tenant', 'conditional-access', 'security-defaults', 'smtp-auth-disabled', 'password']],
    ['5.7.60', ['send-as-denied']],
    ['535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled', ['smtp-auth-disabled-tenant']],
    ['535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.', ['smtp-auth-disabled']],
    ["535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.", ['security-defaults']],
    ['535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.', ['conditional-access']],
    ['430 4.2.0 STOREDRV; mailbox logon failure', ['mailbox-permission']],
    ['554 5.2.252 SendAsDenied; a@contoso.example not allowed to send as b@contoso.example', ['send-as-denied']],
    ['432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded', ['too-many-submissions']],
    ['421 4.7.66 TLS 1.0 and 1.1 are not supported.', ['tls-too-old']],
    ['421 4.3.2 Service not available', ['exchange-busy']],
    ['SmtpClientAuthentication is disabled for the Tenant', ['smtp-auth-disabled-tenant']],
    ['Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.', ['smtp-auth-disabled']],
    ['STOREDRV; mailbox logon failure', ['mailbox-permission']],
    ['SendAsDenied', ['send-as-denied']],
    ['Concurrent connections limit exceeded', ['too-many-submissions']],
    ['SubmissionQuotaExceededException', ['recipient-quota']],
    ['STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded', ['mailbox-full']],
    ['530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM', ['not-authenticated']],
  ])('%s', (text, expected) => {
    expect(ids(text)).toEqual(expected);
  });
});

describe('a code of Entra ID or of the system', () => {
  it.each([
    ['AADSTS7000222', ['client-secret-expired']],
    ["AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value", ['client-secret']],
    ['aadsts90002', ['tenant']],
    ['700016', ['client-id']],
    ['{"error":"invalid_client","error_codes":[7000215],"timestamp":"2026-02-02 05:00:00Z"}', ['client-secret']],
    ['AADSTS7000229', ['no-enterprise-application']],
    ['ECONNREFUSED', ['token-refused', 'refused']],
    ['connect ECONNREFUSED 127.0.0.1:443', ['token-refused']],
    ['getaddrinfo ENOTFOUND smtp.office365.con', ['unknown-host']],
    ['getaddrinfo ENOTFOUND login.microsoftonline.com', ['token-unknown-host']],
    ['CERT_HAS_EXPIRED', ['certificate-expired']],
    ['invalid_client_credential', ['client-secret']],
    ['Too Many Requests', ['token-busy']],
    ['429', ['token-busy']],
    ['503', ['token-busy']],
    ['HTTP/1.1 503 Service Unavailable', ['token-busy']],
    ['502 Bad Gateway', ['proxy']],
    ['proxy.contoso.example:3128 answered CONNECT smtp.office365.com:25 with 502 Bad Gateway', ['proxy']],
    ['invalid_client', ['client-secret', 'client-secret-expired']],
    ['unauthorized_client', ['client-id', 'no-enterprise-application']],
    ['{"error":"invalid_scope"}', ['scope']],
  ])('%s', (text, expected) => {
    expect(ids(text)).toEqual(expected);
  });
});

describe('a line of guest.log', () => {
  const at = (logger: string, message: string) => `2026-02-10 14:34:06,549 ERROR  [admin-http-pool9][[]] cpm.guestaccess.apiservices.${logger} -::admin:::- ${message}`;

  it.each([
    [at('util.SmtpSession', "MessagingException : com.sun.mail.util.MailConnectException: Couldn't connect to host, port: smtp.office365.com, 587; timeout 60000; \nnested exception is: \njava.net.SocketTimeoutException: connect timed out"), ['connect-timeout']],
    [at('oauth.ExchangeOnlineProvider', 'Error acquiring token: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target'), ['entra-untrusted']],
    [at('util.SmtpSession', 'Exception : javax.mail.AuthenticationFailedException: failed to connect'), ['email-address', 'smtp-auth-disabled-tenant', 'conditional-access', 'security-defaults', 'smtp-auth-disabled', 'password', 'basic-authentication', 'no-authentication-offered']],
    ['2026-02-12 12:09:11,277 DEBUG [admin-http-pool140][[]] cpm.admin.guestaccess.action.SmtpServerSettingsAction -::admin:::- Connection to smtp.office365.comserver failed.Invalid email address', ['email-address', 'smtp-auth-disabled-tenant', 'conditional-access', 'security-defaults', 'smtp-auth-disabled']],
    [at('util.SmtpMsgRetryThreadUtil', 'sendMailMessage: Future.get status: failure (notificationId 1, attempt 1: deferred at data, smtp.office365.com, at DATA: 430 4.2.0 STOREDRV; mailbox logon failure)'), ['mailbox-permission']],
  ])('%s', (line, expected) => {
    expect(ids(line)).toEqual(expected);
  });

  it.each([
    // What "grep ERROR" gives of a message of three lines.
    [at('util.SmtpSession', "MessagingException : com.sun.mail.util.MailConnectException: Couldn't connect to host, port: smtp.office365.com, 587; timeout 60000; "), ['connect-timeout', 'no-answer', 'refused', 'unknown-host']],
    ["Couldn't connect to host, port: smtp.office365.com, 587; timeout 60000;", ['connect-timeout', 'no-answer', 'refused', 'unknown-host']],
    ['java.net.SocketTimeoutException: connect timed out', ['connect-timeout']],
    ['java.net.UnknownHostException: smtp.office365.con', ['unknown-host']],
    ['java.net.UnknownHostException: login.microsoftonline.com', ['token-unknown-host']],
    [at('oauth.ExchangeOnlineProvider', 'Error acquiring token: login.microsoftonline.com: java.net.UnknownHostException: login.microsoftonline.com'), ['token-unknown-host']],
    [at('oauth.ExchangeOnlineProvider', 'Error acquiring token: login.microsoftonline.com answered 429 Too Many Requests, and not in JSON as a token endpoint does'), ['token-busy']],
    [at('util.SmtpSession', 'MessagingException : javax.mail.MessagingException: Could not convert socket to TLS;'), ['exchange-untrusted', 'tls']],
    ['javax.mail.AuthenticationFailedException', ['email-address', 'smtp-auth-disabled-tenant', 'conditional-access', 'security-defaults', 'smtp-auth-disabled', 'password', 'basic-authentication', 'no-authentication-offered']],
    ['PKIX path building failed', ['entra-untrusted', 'exchange-untrusted']],
    ['SunCertPathBuilderException', ['entra-untrusted', 'exchange-untrusted']],
    ['Connection to smtp.office365.comserver failed.connect timed out', ['connect-timeout', 'token-timeout']],
    ['Connection to smtp.office365.comserver failed.Invalid client secret', ['client-secret', 'client-secret-expired']],
  ])('in part: %s', (line, expected) => {
    expect(ids(line)).toEqual(expected);
  });

  it('of each failure leads to it', () => {
    const settings = { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000 };
    const lines = knownFailures.flatMap(({ id, log }) => (log ? [{ id, line: logTextOf(log, settings) }] : []));
    expect(lines.length).toBeGreaterThan(10);
    for (const { id, line } of lines) expect(ids(line), line).toContain(id);
  });
});

it('every code, reply and message of the table leads to its row', () => {
  for (const { id, codes, replies, gui, reason = '', also = [] } of [...knownFailures, ...knownNotices]) {
    for (const text of also) expect(ids(text.replace('{host}', 'smtp.office365.com')), text).toContain(id);
    const texts = [...codes.map((code) => `${/^\d+$/.test(code) ? 'AADSTS' : ''}${code} ${reason}`), ...replies.map((reply) => `${reply} ${reason}`), ...(gui === null ? [] : [`${gui} ${reason}`])];
    for (const text of texts) expect(ids(text), text).toContain(id);
  }
});

describe('an alarm of the client secret', () => {
  it.each([
    ['SMTP OAuth Client Secret about to be expired', 'client-secret-about-to-expire'],
    ['SMTP OAuth Client Secret about to be expired.', 'client-secret-about-to-expire'],
    ['SMTP OAuth Client Secret is expired', 'client-secret-past-its-date'],
    ['SMTP OAuth Client Secret has expired', 'client-secret-past-its-date'],
  ])('%s goes by the Expiry Date that was typed', (text, id) => {
    const [found, ...more] = explain(text);
    expect([found?.id, more]).toEqual([id, []]);
    expect(found?.causes.join()).toContain('the Expiry Date that was typed');
    expect(found?.scenarios).toContain('client-secret-expires');
  });
});

it.each([
  ['Invalid client secrit', 'Invalid client secret'],
  ['invalid mail address', 'Invalid email address'],
  ['SMTP OAuth Client Sekret is expired', 'SMTP OAuth Client Secret is expired'],
  ['conect timed out', 'connect timed out'],
])('%j is known nothing of, and near to %j', (text, near) => {
  expect(ids(text)).toEqual([]);
  expect(nearby(text)).toContain(near);
});

it.each(['.', 'A', '5', 'Connection to ', '535 '])('a long run of %j is judged at once', (part) => {
  const begun = performance.now();
  ids(`${part.repeat(300_000 / part.length)}x`);
  expect(performance.now() - begun).toBeLessThan(5_000);
});

it.each(['hello', 'the quick brown fox', 'xyzzy'])('%j is near to nothing', (text) => {
  expect(nearby(text)).toEqual([]);
});

it.each(['', '  ', 'hello', 'the quick brown fox jumps over the lazy dog', 'java.lang.NullPointerException', 'port 429', 'guest502', 'connected', 'expired', 'failed', 'nested exception is:', 'invalid', '503 5.5.2 Send hello first', '2026-02-02 05:00:00,587 INFO [x][[]] y -:::::- done', 'port 5350', '235 2.7.0'])('%j means nothing that is known', (text) => {
  expect(ids(text)).toEqual([]);
});

it('a scenario that is named is there', () => {
  const root = join(import.meta.dirname, '../../..');
  const missing = [...knownFailures, ...knownNotices].flatMap((row) => scenarioFiles(row)).filter((file) => !existsSync(join(root, file)));
  expect(missing).toEqual([]);
});

it('a failure has a scenario, or only another client causes it', () => {
  expect(knownFailures.filter(({ scenarios, causedBy }) => (scenarios.length === 0) !== (causedBy !== undefined)).map(({ id }) => id)).toEqual([]);
});

describe('isesim explain', () => {
  const written = writtenOutput();

  test('prints causes, remedy and scenario', async () => {
    expect(await runCommand(['explain', 'AADSTS7000222'])).toBe(0);
    expect(written.stdout).toBe(`client-secret-expired
  ISE shows    Invalid client secret   (inferred: Cisco does not name this case)
  guest.log    Error acquiring token: Invalid client secret
  on the wire  AADSTS7000222
  causes       the client secret has expired at Entra ID, whatever Expiry Date the page has
  remedy       Make a new client secret at Entra ID, enter its value and its expiry date, test and save.
  try it       isesim run test/scenarios/troubleshooting/expired-client-secret.yaml
`);
  });

  test('takes words without quotes, and prints JSON', async () => {
    expect(await runCommand(['explain', '535', '5.7.3', '--json'])).toBe(0);
    const { schema, text, failures } = JSON.parse(written.stdout) as { schema: string; text: string; failures: { id: string; remedy: string }[] };
    expect([schema, text, failures.map(({ id }) => id)]).toEqual(['isesim/explain.v1', '535 5.7.3', ['email-address']]);
    expect(failures[0]?.remedy).toContain('Get-ServicePrincipal');
  });

  test.each([
    ['430 4.2.0', 'mailbox-permission\n  ISE shows    nothing: Test Connection succeeds, and mail fails\n'],
    ['502 Bad Gateway', 'proxy\n  ISE shows    what the far end said   (ours: nobody recorded what ISE shows)\n'],
    ['AADSTS70011', 'scope\n  ISE shows    nothing: only another client causes it\n'],
  ])('says what ISE shows where it has no text of its own: %s', async (text, shown) => {
    expect(await runCommand(['explain', text])).toBe(0);
    expect(written.stdout.startsWith(shown), written.stdout).toBe(true);
  });

  test('of what cannot happen here, says so in place of a scenario', async () => {
    expect(await runCommand(['explain', 'certificate has expired'])).toBe(0);
    expect(written.stdout).toContain('  try it       no scenario: nothing in isesim can cause it\n');
  });

  test('an alarm is told by its name, what it means and a scenario', async () => {
    expect(await runCommand(['explain', 'SMTP OAuth Client Secret about to be expired'])).toBe(0);
    expect(written.stdout).toMatch(/^client-secret-about-to-expire\n {2}alarm {8}SMTP OAuth Client Secret about to be expired {3}\(Cisco's words\)\n {2}means {8}the Expiry Date that was typed/);
    expect(written.stdout).toContain('isesim run test/scenarios/client-secret-expires.yaml\n');
  });

  test('a success says what it does not prove', async () => {
    expect(await runCommand(['explain', 'Successfully connected to smtp.office365.com'])).toBe(0);
    expect(written.stdout).toContain('it says nothing of the other nodes');
    expect(written.stdout).toContain('isesim run test/scenarios/troubleshooting/no-mailbox-permission.yaml\n');
  });

  test('says when it knows nothing, and what is near', async () => {
    expect(await runCommand(['explain', 'Invalid client secrit', '--json'])).toBe(1);
    expect(JSON.parse(written.stdout)).toMatchObject({ error: { code: 'nothing-known', remedy: expect.stringContaining('Did you mean "Invalid client secret"?') as string } });
  });

  test('says when it knows nothing', async () => {
    expect(await runCommand(['explain', 'hello', '--json'])).toBe(1);
    expect(JSON.parse(written.stdout)).toMatchObject({ error: { code: 'nothing-known', message: 'nothing is known of "hello"' } });
  });
});
