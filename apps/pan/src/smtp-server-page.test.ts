import { inspect } from 'node:util';
import { formatLogLine } from '@isesim/node';
import { seal, Secret, type Outcome, type SmtpServerSettings } from '@isesim/domain';
import { describe, expect, it } from 'vitest';
import { answerSmtpServerPage } from './smtp-server-page.ts';
import { TestNode } from './test-node.ts';

const start = Date.parse('2026-02-02T05:59:14.872Z');
const tenantId = '2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff';
const oauth = { type: 'exchange-online-oauth', emailAddress: 'no-reply@contoso.onmicrosoft.com', clientId: 'c', tenantId, clientSecret: new Secret('s3cr3t-of-page') };

function makePan() {
  const pan = new TestNode(start);
  pan.pages['smtp-server'] = { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000, tls: false, authentication: { type: 'none' } };
  answerSmtpServerPage(pan.node);
  const set = (fields: object, authentication?: object) => pan.ask('smtp-set', { ...fields, ...(authentication && { authentication: seal(authentication, pan.sealingKey) }) });
  const saved = (): SmtpServerSettings => pan.pages['smtp-server'];
  const log = () => pan.logged.map((line) => formatLogLine(start, line).replace(/admin-http-pool\d+/, 'admin-http-pool1'));
  return { pan, set, saved, log, test: (value = {}) => pan.ask('smtp-test', value), save: () => pan.ask('smtp-save', {}), show: () => pan.ask('smtp-show', {}) };
}

const at = (level: string, logger: string, message: string) => `2026-02-02 05:59:14,872 ${level.padEnd(7)}[admin-http-pool1][[]] cpm.${logger} -::admin:::- ${message}`;
const refusedLogin: Outcome = { kind: 'unauthorized', stage: 'auth', reply: { code: 535, enhanced: '5.7.3', text: 'Authentication unsuccessful' }, reason: '535 5.7.3 Authentication unsuccessful' };
const action = 'admin.guestaccess.action.SmtpServerSettingsAction';

describe('the SMTP Server page', () => {
  it('fills in token endpoint and scope from the tenant id, and shows no secret', async () => {
    const { set } = makePan();
    const page = await set({ tls: true }, oauth);
    expect(page).toMatchObject({
      saved: { authentication: { type: 'none' } },
      draft: { tls: true, authentication: { clientSecret: '***', tokenEndpoint: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, scope: 'https://outlook.office.com/.default' } },
      state: 'to be tested',
    });
    expect(inspect(page, { depth: 10 })).not.toContain('s3cr3t-of-page');
  });

  it('saves OAuth settings after a successful Test Connection of exactly these values, and not before', async () => {
    const { pan, set, test, save, saved } = makePan();
    await set({ tls: true }, oauth);
    await expect(save()).rejects.toMatchObject({ kind: 'refused', code: 'not-tested' });
    expect(pan.events).toEqual([]);
    await test();
    await set({ connectionTimeoutMs: 30_000 });
    await expect(save()).rejects.toMatchObject({ code: 'not-tested' });
    await test();
    expect(await save()).toMatchObject({ state: 'saved', message: 'Successfully connected to smtp.office365.com.' });
    expect(pan.events).toEqual(['wrote smtp-server']);
    expect(saved()).toMatchObject({ tls: true, connectionTimeoutMs: 30_000, authentication: { tenantId } });
  });

  it('saves nothing after a failed Test Connection, and says why', async () => {
    const { pan, set, test, save, show } = makePan();
    pan.connectionTest = { succeeded: false, message: 'Invalid client secret', failure: 'client-secret' };
    await set({}, oauth);
    expect(await test()).toMatchObject({ succeeded: false, message: 'Invalid client secret' });
    await expect(save()).rejects.toMatchObject({ code: 'not-tested', message: 'Test Connection of these settings failed: Invalid client secret; nothing was saved' });
    expect(await show()).toMatchObject({ saved: { authentication: { type: 'none' } }, draft: { authentication: { type: 'exchange-online-oauth' } }, state: 'test failed' });
    expect(pan.events).toEqual([]);
  });

  it('saves user name and password, or no authentication, without a test', async () => {
    const { set, save, saved } = makePan();
    await set({}, { type: 'password', username: 'u', password: new Secret('p') });
    await save();
    expect(saved().authentication).toMatchObject({ type: 'password', username: 'u' });
    await set({}, { type: 'none' });
    await save();
    expect(saved().authentication).toEqual({ type: 'none' });
  });

  it('writes no revision when nothing has changed', async () => {
    const { pan, set, save } = makePan();
    await save();
    await set({ port: 25 });
    await set({ port: 587 });
    await save();
    expect(pan.events).toEqual([]);
  });

  it('of a version without OAuth refuses it, naming the patch that has it', async () => {
    const { pan, set, show } = makePan();
    pan.pages.deployment = { ...pan.pages.deployment, iseVersion: '3.4P3' };
    await expect(set({}, oauth)).rejects.toMatchObject({ kind: 'refused', code: 'ise-version', message: 'ISE 3.4P3 has no OAuth for mail', remedy: expect.stringContaining('3.4P4') as string });
    expect(await show()).toMatchObject({ state: 'saved' });
  });

  it('keeps the page as it was when a field is not as it should be', async () => {
    const { set, show } = makePan();
    await expect(set({}, { ...oauth, emailAddress: 'nobody' })).rejects.toMatchObject({ kind: 'wrong input', message: 'Email Address (Username) "nobody" is not a mail address', remedy: 'Enter it, as in: isesim smtp set --email-address no-reply@contoso.onmicrosoft.com' });
    expect(await show()).toMatchObject({ state: 'saved' });
  });

  it('names every field that the authentication lacks, and the flag of each', async () => {
    const { set } = makePan();
    await expect(set({}, { type: 'exchange-online-oauth', tenantId })).rejects.toMatchObject({
      message: 'Email Address (Username), Client ID and Client Secret are missing',
      remedy: 'Enter them, as in: isesim smtp set --email-address no-reply@contoso.onmicrosoft.com --client-id 7d8f0c1e-1111-4222-8333-444455556666 --client-secret-file secret.txt',
    });
    await expect(set({}, { type: 'password', username: 'u' })).rejects.toMatchObject({ message: 'Password is missing', remedy: 'Enter it, as in: isesim smtp set --password-file password.txt' });
  });

  it('shows nothing of a secret that is not as it should be, and no words of a schema', async () => {
    const { set } = makePan();
    await expect(set({ port: 'many' }, { ...oauth, clientSecret: 's3cr3t-of-page' })).rejects.toMatchObject({ message: 'SMTP Port "many" is not what the field takes; Client Secret is not what the field takes' });
  });

  it('is on the primary PAN alone', async () => {
    const { pan, set, test, save } = makePan();
    pan.primaryPan = 'ise-2';
    for (const ask of [() => set({ port: 25 }), test, save]) await expect(ask()).rejects.toMatchObject({ code: 'not-primary', message: 'ise-1 is not the primary PAN (ise-2 is)' });
    expect(pan.connectionTests).toEqual([]);
  });

  it('begins with the defaults of ISE where no SMTP server is configured', async () => {
    const { pan, set, test, save, show, saved } = makePan();
    Reflect.deleteProperty(pan.pages, 'smtp-server');
    expect(await show()).toMatchObject({ draft: { port: 25, connectionTimeoutMs: 60_000, tls: false, authentication: { type: 'none' } } });
    await expect(save()).rejects.toMatchObject({ message: 'the page names no SMTP server' });
    await expect(test()).rejects.toMatchObject({ code: 'smtp-not-configured', message: 'the SMTP server is not configured' });
    await set({ host: 'mail.example' });
    await save();
    expect(saved()).toMatchObject({ host: 'mail.example', port: 25 });
  });
});

describe('guest.log has the lines of Cisco document 225520', () => {
  it('for a Test Connection that succeeds', async () => {
    const { pan, set, test, log } = makePan();
    pan.connectionTest = { events: [{ step: 'token-answer', status: 200, claims: {} }] };
    await set({}, oauth);
    await test();
    expect(log()).toEqual([
      at('DEBUG', action, 'inside smtpServerSettings testConnection'),
      at('DEBUG', action, 'smtpServerSecureSettings testConnection'),
      at('DEBUG', 'guestaccess.apiservices.oauth.OauthTokenCache', 'Putting value in OAuth Cache (accessToken, expiry) ..'),
      at('DEBUG', 'guestaccess.apiservices.oauth.ExchangeOnlineProvider', 'Access token acquired (no caching in this method)'),
      at('DEBUG', 'guestaccess.apiservices.oauth.OauthTokenCache', 'Putting value in OAuth Cache (accessToken, expiry) ..'),
      at('DEBUG', 'guestaccess.apiservices.util.SmtpSession', 'Successfully created mail session and connected to mail server.'),
      at('DEBUG', action, 'Successfully connected to smtp.office365.com.'),
    ]);
  });

  it.each<[string, Outcome, string, string, string]>([
    ['connect-timeout', { kind: 'deferred', stage: 'connect', code: 'ETIMEDOUT', reason: 'connect ETIMEDOUT' }, 'connect timed out', 'guestaccess.apiservices.util.SmtpSession', "MessagingException : com.sun.mail.util.MailConnectException: Couldn't connect to host, port: smtp.office365.com, 587; timeout 60000;\nnested exception is:\njava.net.SocketTimeoutException: connect timed out"],
    ['email-address', refusedLogin, 'Invalid email address', 'guestaccess.apiservices.util.SmtpSession', 'Exception : javax.mail.AuthenticationFailedException: failed to connect'],
    [
      'entra-untrusted',
      { kind: 'deferred', stage: 'token', code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', reason: 'unable to get local issuer certificate' },
      'unable to find valid certification path to requested target',
      'guestaccess.apiservices.oauth.ExchangeOnlineProvider',
      'Error acquiring token: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
    ],
  ])('for one that fails: %s', async (failure, outcome, message, logger, line) => {
    const { pan, test, log } = makePan();
    pan.connectionTest = { succeeded: false, failure, outcome, message };
    await test();
    expect(log().slice(2)).toEqual([at('ERROR', logger, line), at('DEBUG', action, `Connection to smtp.office365.comserver failed.${message}`)]);
  });

  it('for a login that is refused though there is a token: its fourth entry', async () => {
    const { pan, set, test, log } = makePan();
    pan.connectionTest = { events: [{ step: 'token-answer', status: 200, claims: {} }], succeeded: false, failure: 'email-address', outcome: refusedLogin, message: 'Invalid email address' };
    await set({}, oauth);
    await test();
    expect(log().slice(2)).toEqual([
      at('DEBUG', 'guestaccess.apiservices.oauth.OauthTokenCache', 'Putting value in OAuth Cache (accessToken, expiry) ..'),
      at('DEBUG', 'guestaccess.apiservices.oauth.ExchangeOnlineProvider', 'Access token acquired (no caching in this method)'),
      at('DEBUG', 'guestaccess.apiservices.oauth.OauthTokenCache', 'Putting value in OAuth Cache (accessToken, expiry) ..'),
      at('ERROR', 'guestaccess.apiservices.util.SmtpSession', 'Exception : javax.mail.AuthenticationFailedException: failed to connect'),
      at('DEBUG', action, 'Connection to smtp.office365.comserver failed.Invalid email address'),
    ]);
  });

  it.each([
    ['token-unknown-host', 'ENOTFOUND', 'getaddrinfo ENOTFOUND login.microsoftonline.com', 'UnknownHostException', 'login.microsoftonline.com: java.net.UnknownHostException: login.microsoftonline.com'],
    ['token-busy', 'EBADRESPONSE', 'login.microsoftonline.com answered 429 Too Many Requests', 'login.microsoftonline.com, asked for an access token: login.microsoftonline.com answered 429 Too Many Requests', 'login.microsoftonline.com answered 429 Too Many Requests'],
  ])('in the form of its fifth where Entra ID is out of reach or out of order: %s', async (failure, code, why, message, text) => {
    const { pan, test, log } = makePan();
    pan.connectionTest = { succeeded: false, failure, message, outcome: { kind: 'deferred', stage: 'token', code, reason: `login.microsoftonline.com, asked for an access token: ${why}` } };
    await test();
    expect(log().slice(2)).toEqual([
      at('ERROR', 'guestaccess.apiservices.oauth.ExchangeOnlineProvider', `Error acquiring token: ${text}`),
      at('DEBUG', action, `Connection to smtp.office365.comserver failed.${message}`),
    ]);
  });

  it('for a failure that nobody recorded', async () => {
    const { pan, test, log } = makePan();
    pan.connectionTest = { succeeded: false, message: 'something new' };
    await test();
    expect(log()[2]).toBe(at('ERROR', 'guestaccess.apiservices.util.SmtpSession', 'Exception : something new'));
  });

  it('for a save', async () => {
    const { set, save, log } = makePan();
    await set({ connectionTimeoutMs: 30_000 });
    await save();
    expect(log()).toEqual(
      [
        'inside smtpServerSettings editSubmit',
        'smtpServerSettings in editSubmit',
        'Set SMTP Server is :smtp.office365.com',
        'Set SMTP port is :587',
        'Set Connection Timout is :30',
        'Set TLS/SSL config is :false',
        'Set Authentication config is :false',
        'SMTP server settings successfully saved',
      ].map((message) => at('DEBUG', action, message)),
    );
  });
});
