import { bootDeployment, type TestDeployment } from '@isesim/testing';
import { describe, expect, it } from 'vitest';

const exchange = 'smtp.office365.com';
const entra = 'login.microsoftonline.com';
const noPath = 'unable to find valid certification path to requested target';
const clientSecret = 'Tr4ced~secret.value';
const small = `
name: small
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: secondary }
  - { name: ise-2, pan: secondary, mnt: primary }
  - { name: psn, psn: true, count: 2 }
smtpServer:
  host: ${exchange}
  port: 587
  tls: true
  authentication:
    type: exchange-online-oauth
    emailAddress: no-reply@contoso.onmicrosoft.com
    clientId: 7d8f0c1e-1111-4222-8333-444455556666
    tenantId: 2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff
    clientSecret: ${clientSecret}
`;
const proxy = { host: 'proxy.contoso.example', port: 8080 };

const revisions = (deployment: TestDeployment) => deployment.status().map(({ settingsRevision }) => settingsRevision);
const addressOf = (deployment: TestDeployment, node: string) => deployment.nodes.find(({ name }) => name === node)?.address;
/** The test or probe, also when it failed. */
const tested = (deployment: TestDeployment, given: { node?: string; trace?: boolean } = {}) => deployment.stage.deployment.settings.testConnection(given);

describe('OAuth settings', () => {
  it('are saved only after a successful Test Connection of exactly these values', async () => {
    await using deployment = await bootDeployment(small);
    const before = revisions(deployment);
    await deployment.setSmtp({ connectionTimeout: '30s' });
    await expect(deployment.saveSmtp()).rejects.toMatchObject({ kind: 'refused', code: 'not-tested' });
    await deployment.testConnection();
    await deployment.setSmtp({ connectionTimeout: '31s' });
    await expect(deployment.saveSmtp()).rejects.toMatchObject({ code: 'not-tested', message: 'the page has changed since its last Test Connection; nothing was saved' });
    await deployment.quiet();
    expect(revisions(deployment)).toEqual(before);
    expect(await deployment.testConnection()).toMatchObject({ node: 'ise-1', by: 'ISE', message: `Successfully connected to ${exchange}.`, certainty: 'documented' });
    const { revision } = await deployment.saveSmtp();
    await deployment.quiet();
    expect(revisions(deployment)).toEqual(deployment.nodes.map(() => revision));
  });

  it('with a mistyped secret cannot be saved, and mail goes on with those that are saved', async () => {
    await using deployment = await bootDeployment(small);
    await deployment.setSmtp({ clientSecret: 'mistyped' });
    await expect(deployment.testConnection()).rejects.toMatchObject({ kind: 'refused', code: 'test-connection', message: 'ise-1: Invalid client secret' });
    await expect(deployment.saveSmtp()).rejects.toMatchObject({ message: 'Test Connection of these settings failed: Invalid client secret; nothing was saved' });
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    expect(await deployment.mails()).toHaveLength(1);
  });
});

it('no mail is sent by a test, and each asks for a token of its own', async () => {
  await using deployment = await bootDeployment(small);
  const first = await tested(deployment, { trace: true });
  const second = await tested(deployment, { trace: true });
  for (const { trace = [] } of [first, second]) expect(trace.filter(({ step }) => step === 'token-request')).toHaveLength(1);
  expect(await deployment.mails()).toEqual([]);
});

it("a test proves the primary PAN's way alone: with a PSN cut off from Exchange it succeeds, and that PSN's mail fails", async () => {
  await using deployment = await bootDeployment(small);
  await deployment.fault({ node: 'psn-2', to: exchange, fault: 'timeout' });
  await deployment.testConnection();
  await deployment.createGuest({ node: 'psn-2', email: 'ana@guest.example' });
  await deployment.createGuest({ node: 'psn-1', email: 'bob@guest.example' });
  await deployment.clock.advance('1m');
  expect((await deployment.mails()).map(({ sentBy }) => sentBy)).toEqual(['psn-1']);
  expect(await tested(deployment, { node: 'psn-1' })).toMatchObject({ node: 'psn-1', by: 'isesim', succeeded: true });
  await expect(deployment.testConnection({ node: 'psn-2' })).rejects.toMatchObject({ message: 'psn-2: connect timed out', remedy: expect.stringContaining('isesim proxy set') as string });
});

it('a probe from another node lets nothing be saved', async () => {
  await using deployment = await bootDeployment(small);
  await deployment.setSmtp({ connectionTimeout: '30s' });
  await deployment.testConnection({ node: 'psn-1' });
  await expect(deployment.saveSmtp()).rejects.toMatchObject({ code: 'not-tested' });
});

it('a test that is stopped on the way ends when the Connection Timeout of the page has passed', async () => {
  await using deployment = await bootDeployment(small);
  await deployment.fault({ to: exchange, fault: 'timeout' });
  await deployment.setSmtp({ connectionTimeout: '90s' });
  const begun = Date.parse(deployment.clock.now());
  expect(await tested(deployment)).toMatchObject({ succeeded: false, message: 'connect timed out', certainty: 'documented', failure: 'connect-timeout' });
  expect(Date.parse(deployment.clock.now()) - begun).toBe(90_000);
  await deployment.quiet();
  expect(await deployment.guestLog('ise-1')).toContain(`MessagingException : com.sun.mail.util.MailConnectException: Couldn't connect to host, port: ${exchange}, 587; timeout 90000;\nnested exception is:\njava.net.SocketTimeoutException: connect timed out`);
});

describe.each(['inline', 'process'] as const)('a proxy (%s)', (isolation) => {
  it('carries tokens and mail where the firewall lets nothing else out, and the evidence of addresses survives it', async () => {
    await using deployment = await bootDeployment(small, { isolation });
    await deployment.fault({ to: exchange, fault: 'timeout' });
    await deployment.fault({ to: entra, fault: 'timeout' });
    await expect(deployment.testConnection()).rejects.toMatchObject({ message: 'ise-1: connect timed out' });
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    await deployment.setProxy(proxy);
    const { trace = [] } = await tested(deployment, { trace: true });
    expect(trace.filter(({ step }) => step === 'connect')).toMatchObject([entra, exchange].map(() => ({ proxy: 'proxy.contoso.example:8080' })));
    await deployment.raiseAlarm({ name: 'High CPU' });
    await deployment.clock.advance('1h');
    const mails = await deployment.mails();
    expect(mails.map(({ purpose, sentBy, evidence, remoteAddress }) => ({ purpose, sentBy, evidence, remoteAddress })).sort((one, other) => (String(one.sentBy) < String(other.sentBy) ? -1 : 1))).toEqual(
      [{ purpose: 'alarm', sentBy: 'ise-2' }, { purpose: 'portal-notification', sentBy: 'psn-1' }].map((each) => ({ ...each, evidence: mails[0]?.evidence, remoteAddress: addressOf(deployment, each.sentBy) })),
    );
    expect((await deployment.audit()).findings).toEqual([]);
  });
});

describe('a proxy', () => {
  it('is not taken to hosts that bypass it, and is out of use when it is cleared', async () => {
    await using deployment = await bootDeployment(small);
    await deployment.fault({ to: exchange, fault: 'timeout' });
    await deployment.setProxy({ ...proxy, bypass: ['office365.com'] });
    expect(await tested(deployment)).toMatchObject({ failure: 'connect-timeout' });
    await deployment.setProxy(proxy);
    expect(await tested(deployment)).toMatchObject({ succeeded: true });
    await deployment.clearProxy();
    expect(await tested(deployment)).toMatchObject({ failure: 'connect-timeout' });
  });

  it('can itself be out of reach, be slow, or present a chain of its own', async () => {
    await using deployment = await bootDeployment(`${small}proxy: { host: proxy.contoso.example, port: 3128 }\n`);
    const to = proxy.host;
    for (const [fault, message] of [['timeout', 'connect timed out'], ['wrong-dns', 'UnknownHostException'], ['hang', 'Read timed out'], ['untrusted', noPath]] as const) {
      await deployment.fault({ to, fault });
      expect([fault, (await tested(deployment)).message]).toEqual([fault, message]);
      await deployment.heal();
    }
    await deployment.fault({ to, fault: 'slow', delay: '2s' });
    const begun = Date.parse(deployment.clock.now());
    expect(await tested(deployment)).toMatchObject({ succeeded: true });
    expect(Date.parse(deployment.clock.now()) - begun).toBeGreaterThan(8_000);
  });

  it('does not lead to a port at which Exchange takes no mail', async () => {
    await using deployment = await bootDeployment(small);
    await deployment.setProxy(proxy);
    await deployment.setSmtp({ port: 25 });
    expect(await tested(deployment)).toMatchObject({ failure: 'proxy', message: expect.stringContaining('502 Bad Gateway') as string });
  });

  it('that begins or ends is seen on the next mail, also where a session was open', async () => {
    await using deployment = await bootDeployment(small);
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    await deployment.setProxy(proxy);
    await deployment.fault({ to: proxy.host, fault: 'timeout' });
    await deployment.createGuest({ node: 'psn-1', email: 'bob@guest.example' });
    await deployment.clock.advance('1m');
    expect((await deployment.mails()).map(({ to }) => to)).toEqual([['ana@guest.example']]);
    await deployment.clearProxy();
    await deployment.clock.advance('1h');
    expect((await deployment.mails()).map(({ to }) => to)).toEqual([['ana@guest.example'], ['bob@guest.example']]);
  });

  it('survives the death of a node that had a session through it', async () => {
    await using deployment = await bootDeployment(`${small}proxy: { host: proxy.contoso.example, port: 3128 }\n`, { isolation: 'process' });
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    await deployment.quiet();
    await deployment.kill('psn-1');
    await deployment.clock.advance('1d');
    await deployment.start('psn-1');
    await deployment.createGuest({ node: 'psn-1', email: 'bob@guest.example' });
    expect((await deployment.mails()).map(({ sentBy, to, remoteAddress }) => [sentBy, to, remoteAddress])).toEqual(
      ['ana@guest.example', 'bob@guest.example'].map((to) => ['psn-1', [to], addressOf(deployment, 'psn-1')]),
    );
  });

  it('that breaks its connections again and again loses no mail, and time goes on', async () => {
    await using deployment = await bootDeployment(`${small}proxy: { host: proxy.contoso.example, port: 3128 }\n`);
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    await deployment.fault({ to: proxy.host, fault: 'reset', after: 'data' });
    await deployment.createGuest({ node: 'psn-1', email: 'bob@guest.example' });
    await deployment.clock.advance('5m');
    await deployment.heal();
    await deployment.clock.advance('1h');
    expect(new Set((await deployment.mails()).flatMap(({ to }) => to))).toEqual(new Set(['ana@guest.example', 'bob@guest.example']));
  });
});

describe('the trusted certificates', () => {
  it("are needed for the chain of Entra ID: without its root there is no token, and guest.log says so in ISE's words", async () => {
    await using deployment = await bootDeployment(small);
    await deployment.removeTrustedCertificate('entra-root');
    await deployment.quiet();
    await expect(deployment.testConnection()).rejects.toMatchObject({ message: `ise-1: ${noPath}` });
    expect(await deployment.guestLog('ise-1')).toContain(`cpm.guestaccess.apiservices.oauth.ExchangeOnlineProvider -::admin:::- Error acquiring token: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: ${noPath}`);
    expect(await tested(deployment, { node: 'psn-1' })).toMatchObject({ failure: 'entra-untrusted' });
    await deployment.importTrustedCertificate({ certificate: 'entra-root', roles: ['endpoints', 'cisco-services'] });
    await deployment.quiet();
    expect(await tested(deployment)).toMatchObject({ failure: 'entra-untrusted' });
    await deployment.importTrustedCertificate({ certificate: 'entra-root', roles: ['infrastructure'] });
    await deployment.quiet();
    expect(await tested(deployment, { node: 'psn-1' })).toMatchObject({ succeeded: true });
  });

  it('are needed for the chain of Exchange Online just so', async () => {
    await using deployment = await bootDeployment(`${small}trustedCertificates: [{ certificate: entra-root, roles: [infrastructure] }]\n`);
    expect(await tested(deployment)).toMatchObject({ message: noPath, certainty: 'inferred', failure: 'exchange-untrusted' });
    await deployment.importTrustedCertificate('exchange-root');
    await deployment.quiet();
    expect(await tested(deployment)).toMatchObject({ succeeded: true });
  });
});

it.each(['inline', 'process'] as const)('a trace names the chain and the claims, and has no secret or token in it, plain or in base64 (%s)', async (isolation) => {
  await using deployment = await bootDeployment(small, { isolation });
  const good = await tested(deployment, { trace: true });
  expect(good.trace).toEqual(expect.arrayContaining([
    expect.objectContaining({ step: 'tls', host: entra, chain: [expect.objectContaining({ subject: expect.stringContaining('CN=stamp2.login.microsoftonline.com') as string }), expect.objectContaining({ subject: expect.stringContaining('Microsoft Azure RSA TLS Issuing CA 03 (isesim)') as string, trusted: false }), expect.objectContaining({ subject: expect.stringContaining('DigiCert Global Root G2 (isesim)') as string, trusted: true })] }),
    expect.objectContaining({ step: 'token-answer', status: 200, claims: expect.objectContaining({ aud: 'https://outlook.office.com', roles: ['SMTP.SendAsApp'], appid: '7d8f0c1e-1111-4222-8333-444455556666' }) as object }),
    expect.objectContaining({ step: 'smtp', says: 'server', line: expect.stringContaining('235 2.7.0 Authentication successful') as string }),
  ]));
  await deployment.setSmtp({ clientSecret: 'another~secret' });
  const bad = await tested(deployment, { trace: true });
  expect(bad.trace).toEqual(expect.arrayContaining([expect.objectContaining({ step: 'token-answer', status: 401 })]));
  await deployment.quiet();
  const shown = [JSON.stringify([good, bad]), await deployment.guestLog('ise-1')].join();
  for (const secret of [clientSecret, 'another~secret', 'Bearer eyJ']) {
    for (const form of [secret, encodeURIComponent(secret), ...[0, 1, 2].map((shift) => Buffer.from(`${'x'.repeat(shift)}${secret}`).toString('base64').slice(4, -4))]) expect(shown).not.toContain(form);
  }
  expect(shown).not.toMatch(/eyJ[\w-]{20}/);
});

it('a version of ISE without OAuth cannot be set to it', async () => {
  await using deployment = await bootDeployment(`name: old\niseVersion: "3.4P3"\nnodes: [{ name: ise-1, pan: primary, mnt: primary, psn: true }]\nsmtpServer: { host: ${exchange}, port: 587 }\n`);
  await expect(deployment.setSmtp({ authentication: 'exchange-online-oauth', emailAddress: 'a@b.example', clientId: 'c', tenantId: 't', clientSecret: 's' })).rejects.toMatchObject({ code: 'ise-version', remedy: expect.stringContaining('3.4P4') as string });
  await deployment.setSmtp({ authentication: 'password', username: 'u', password: 'p' });
  await deployment.saveSmtp();
  await deployment.quiet();
  await deployment.expectSettings({ values: { authentication: { type: 'password', username: 'u', password: '***' } } });
});
