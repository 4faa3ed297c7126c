import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { knownFailures, logTextOf } from '@isesim/domain';
import { describe, expect, it, test } from 'vitest';
import { explain } from './explain.ts';
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
    ['ECONNREFUSED', ['refused']],
    ['getaddrinfo ENOTFOUND smtp.office365.con', ['unknown-host']],
    ['Too Many Requests', ['token-busy']],
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

  it('of each failure leads to it', () => {
    const settings = { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000 };
    const lines = knownFailures.flatMap(({ id, log }) => (log ? [{ id, line: logTextOf(log, settings) }] : []));
    expect(lines.length).toBeGreaterThan(10);
    for (const { id, line } of lines) expect(ids(line), line).toContain(id);
  });
});

it('every code, reply and message of the table leads to its row', () => {
  for (const { id, codes, replies, gui, reason = '' } of knownFailures) {
    const texts = [...codes.map((code) => `${/^\d+$/.test(code) ? 'AADSTS' : ''}${code} ${reason}`), ...replies.map((reply) => `${reply} ${reason}`), ...(gui === null ? [] : [`${gui} ${reason}`])];
    for (const text of texts.filter((each) => !/^[a-z_]+ $/.test(each))) expect(ids(text), text).toContain(id);
  }
});

it.each(['', '  ', 'hello', 'Successfully connected to smtp.office365.com.', '2026-02-02 05:00:00,587 INFO [x][[]] y -:::::- done', 'port 5350', '235 2.7.0'])('%j means nothing that is known', (text) => {
  expect(ids(text)).toEqual([]);
});

it('a scenario that is named is there', () => {
  const root = join(import.meta.dirname, '../../..');
  const missing = knownFailures.flatMap(({ scenarios }) => scenarioFiles(scenarios)).filter((file) => !existsSync(join(root, file)));
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

  test('says when it knows nothing', async () => {
    expect(await runCommand(['explain', 'hello', '--json'])).toBe(1);
    expect(JSON.parse(written.stdout)).toMatchObject({ error: { code: 'nothing-known', message: 'nothing is known of "hello"' } });
  });
});
