import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { knownFailures, logTextOf, type ConnectionTest, type KnownFailure } from '@isesim/domain';
import { bootDeployment, type TestDeployment } from '@isesim/testing';
import { describe, expect, it } from 'vitest';
import { AnotherClient } from './fixtures/another-client.ts';

const root = join(import.meta.dirname, '../..');
const topology = (name: string) => join(root, 'test/scenarios/topologies', `${name}.yaml`);

const entra = 'login.microsoftonline.com';
const mailbox = 'no-reply@contoso.onmicrosoft.com';
const application = '0a0a0a0a-0000-4000-8000-000000000001';
const enterprise = '0b0b0b0b-0000-4000-8000-000000000002';
const clientId = '7d8f0c1e-1111-4222-8333-444455556666';
const tenantId = '2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff';
const oauth = { authentication: 'exchange-online-oauth', emailAddress: mailbox, clientId, tenantId, clientSecret: 'demo-secret' } as const;
const byPassword = (password: string) => ({ authentication: { type: 'password', username: mailbox, password } }) as never;

type Deed = (deployment: TestDeployment) => Promise<unknown>;

/** How a row of the table comes about, shows and is mended. */
interface Case {
  /** Tells it from the other cases of its row. */
  readonly how?: string;
  readonly topology?: string;
  readonly breaks: Deed;
  /** What Microsoft, or the network, answers: a code or a reply of the row. */
  readonly wire: string;
  /** Those of the token, by which a traced Test Connection tells the cases apart. */
  readonly roles?: readonly string[];
  /** Whether Test Connection tells of it. */
  readonly test: 'fails' | 'succeeds';
  /** What becomes of mail meanwhile; `goes` where the mistake is on the page and cannot be saved. */
  readonly mail: 'goes' | 'waits' | 'is lost';
  readonly mends: Deed;
}

const typed = (fields: Parameters<TestDeployment['setSmtp']>[0]): Deed => (deployment) => deployment.setSmtp(fields);
const saved = (fields: Parameters<TestDeployment['setSmtp']>[0]): Deed => async (deployment) => {
  await deployment.setSmtp(fields);
  await deployment.saveSmtp();
};
const tested = (fields: Parameters<TestDeployment['setSmtp']>[0]): Deed => async (deployment) => {
  await deployment.setSmtp(fields);
  await deployment.testConnection();
  await deployment.saveSmtp();
};
const cmdlet = (command: string): Deed => (deployment) => deployment.m365({ command });
const fault = (fields: Parameters<TestDeployment['fault']>[0]): Deed => (deployment) => deployment.fault(fields);
const nothing: Deed = () => Promise.resolve();
const heal: Deed = (deployment) => deployment.heal();
const proxied: Deed = (deployment) => deployment.setProxy({ host: 'proxy.contoso.example', port: 3128 });
const fromOtherMailbox: Deed = async (deployment) => {
  await deployment.setGuestEmail({ from: 'ise@contoso.onmicrosoft.com' });
  await tested({ emailAddress: 'ise@contoso.onmicrosoft.com' })(deployment);
};
const foreignSender: Deed = (deployment) => deployment.setGuestEmail({ from: 'sponsor@contoso.onmicrosoft.com' });
const ownSender: Deed = (deployment) => deployment.setGuestEmail({ from: mailbox });
const aDay: Deed = (deployment) => deployment.clock.advance('1d');
const allows = (disabled: string): Deed => cmdlet(`Set-CASMailbox ${mailbox} -SmtpClientAuthenticationDisabled ${disabled}`);
const newPrincipal = (objectId: string) => `New-ServicePrincipal -AppId ${clientId} -ObjectId ${objectId} | Out-Null; Add-MailboxPermission ${mailbox} -User ${objectId} -AccessRights FullAccess | Out-Null`;
const principal = (objectId: string): Deed => cmdlet(`Remove-ServicePrincipal ${clientId}; ${newPrincipal(objectId)}`);
const consent = (objectId: string) =>
  `$exchange = Get-MgServicePrincipal -Filter "displayName eq 'Office 365 Exchange Online'"; $role = $exchange.AppRoles | Where-Object Value -eq SMTP.SendAsApp; New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${objectId} -PrincipalId ${objectId} -ResourceId $exchange.Id -AppRoleId $role.Id`;
const withdrawConsent = `$grant = Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${enterprise}; Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${enterprise} -AppRoleAssignmentId $grant.Id`;
const newEnterpriseApplication = `$made = New-MgServicePrincipal -AppId ${clientId}; ${consent('$made.Id')}; Remove-ServicePrincipal ${clientId}; ${newPrincipal('$made.Id')}`;
const denied: Deed = async (deployment) => {
  await foreignSender(deployment);
  for (const email of ['one@guest.example', 'two@guest.example']) await deployment.createGuest({ node: 'psn-1', email });
  await deployment.quiet();
};
const newSecret: Deed = async (deployment) => {
  const { objects } = await deployment.m365({ command: `(Add-MgApplicationPassword -ApplicationId ${application} -PasswordCredential @{ endDateTime = "2027-01-01" }).SecretText` });
  await tested({ clientSecret: String(objects[0]) })(deployment);
};

const onPage = { test: 'fails', mail: 'goes' } as const;
const standing = { test: 'fails', mail: 'waits' } as const;
const unseen = { test: 'succeeds', mail: 'waits' } as const;
const refused = { test: 'succeeds', mail: 'is lost' } as const;

const cases: Readonly<Record<string, Case | readonly Case[]>> = {
  'token-no-answer': { ...standing, breaks: fault({ to: entra, fault: 'hang' }), wire: 'ETIMEDOUT', mends: heal },
  'token-refused': { ...standing, breaks: fault({ to: entra, fault: 'wrong-dns', address: '127.0.0.1' }), wire: 'ECONNREFUSED', mends: heal },
  'token-unknown-host': { ...standing, breaks: fault({ to: entra, fault: 'wrong-dns' }), wire: 'ENOTFOUND', mends: heal },
  'token-reset': { ...standing, breaks: fault({ to: entra, fault: 'reset' }), wire: 'ECONNRESET', mends: heal },
  'no-answer': { ...standing, breaks: fault({ to: 'smtp.office365.com', fault: 'hang' }), wire: 'ETIMEDOUT', mends: heal },
  'token-timeout': { ...standing, breaks: fault({ to: entra, fault: 'timeout' }), wire: 'ETIMEDOUT', mends: proxied },
  'connect-timeout': { ...standing, breaks: fault({ to: 'smtp.office365.com', fault: 'timeout' }), wire: 'ETIMEDOUT', mends: proxied },
  tenant: { ...onPage, breaks: typed({ tenantId: '2c3d4e5f-aaaa-4bbb-8ccc-000000000000' }), wire: '90002', mends: tested({ tenantId }) },
  'client-secret': { ...onPage, breaks: typed({ clientSecret: 'mistyped' }), wire: '7000215', mends: tested({ clientSecret: 'demo-secret' }) },
  'client-secret-expired': { ...standing, topology: topology('secret-expires-first'), breaks: aDay, wire: '7000222', mends: newSecret },
  'client-id': { ...onPage, breaks: typed({ clientId: application }), wire: '700016', mends: tested({ clientId }) },
  'no-enterprise-application': { ...standing, breaks: cmdlet(`Remove-MgServicePrincipal -ServicePrincipalId ${enterprise}`), wire: '7000229', mends: cmdlet(newEnterpriseApplication) },
  'token-busy': { ...standing, breaks: fault({ fault: 'token-503' }), wire: '90033', mends: heal },
  'entra-untrusted': {
    ...standing,
    topology: topology('entra-root-missing'),
    breaks: nothing,
    wire: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    mends: (deployment) => deployment.importTrustedCertificate({ certificate: 'entra-root', roles: ['infrastructure'] }),
  },
  'exchange-untrusted': {
    ...standing,
    topology: topology('exchange-root-missing'),
    breaks: nothing,
    wire: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    mends: (deployment) => deployment.importTrustedCertificate({ certificate: 'exchange-root', roles: ['infrastructure'] }),
  },
  tls: { ...onPage, topology: topology('name-of-ones-own'), breaks: typed({ host: 'smtp.contoso.example' }), wire: 'ERR_TLS_CERT_ALTNAME_INVALID', mends: tested({ host: 'smtp.office365.com' }) },
  password: { ...standing, topology: topology('user-name-and-password'), breaks: saved(byPassword('mistyped')), wire: '535 5.7.139', mends: tested(byPassword('Correct-Horse-1')) },
  'smtp-auth-disabled-tenant': { ...standing, breaks: allows('$null'), wire: '535 5.7.139', mends: allows('$false') },
  'smtp-auth-disabled': { ...standing, breaks: allows('$true'), wire: '535 5.7.139', mends: allows('$false') },
  'conditional-access': { ...standing, topology: topology('conditional-access'), breaks: nothing, wire: '535 5.7.139', mends: fromOtherMailbox },
  'security-defaults': { ...standing, topology: topology('security-defaults'), breaks: nothing, wire: '535 5.7.139', mends: fromOtherMailbox },
  'email-address': [
    { ...standing, how: 'by the wrong object ID', breaks: principal(application), wire: '535', roles: ['SMTP.SendAsApp'], mends: principal(enterprise) },
    { ...standing, how: 'without consent', breaks: cmdlet(withdrawConsent), wire: '535', roles: [], mends: cmdlet(consent(enterprise)) },
    { ...standing, how: 'by a delegated permission', topology: topology('delegated-permission'), breaks: nothing, wire: '535', roles: [], mends: cmdlet(consent(enterprise)) },
    { ...standing, how: 'with User.Read alone', topology: topology('user-read-alone'), breaks: nothing, wire: '535', roles: [], mends: cmdlet(consent(enterprise)) },
    { ...onPage, how: 'by an address that is no mailbox', breaks: typed({ emailAddress: 'noreply@contoso.onmicrosoft.com' }), wire: '535', roles: ['SMTP.SendAsApp'], mends: tested({ emailAddress: mailbox }) },
    { ...standing, how: 'without a licence', breaks: cmdlet(`Set-MgUserLicense -UserId ${mailbox} -AddLicenses @() -RemoveLicenses @((Get-MgSubscribedSku).SkuId)`), wire: '535', roles: ['SMTP.SendAsApp'], mends: cmdlet(`Set-MgUserLicense -UserId ${mailbox} -AddLicenses @{ SkuId = (Get-MgSubscribedSku).SkuId } -RemoveLicenses @()`) },
    { ...standing, how: 'before it is propagated', topology: topology('slow-propagation'), breaks: cmdlet(newPrincipal(enterprise)), wire: '535', roles: ['SMTP.SendAsApp'], mends: (deployment) => deployment.clock.advance('30m') },
  ],
  'basic-authentication': { ...standing, topology: topology('basic-authentication-over'), breaks: saved(byPassword('x')), wire: '550 5.7.30', mends: tested(oauth) },
  'no-authentication-offered': { ...onPage, breaks: typed({ tls: false }), wire: 'offers no authentication', mends: tested({ tls: true }) },
  'starttls-required': { ...unseen, breaks: saved({ tls: false, authentication: 'none' }), wire: '451 5.7.3', mends: tested({ tls: true, ...oauth }) },
  'not-authenticated': { ...unseen, breaks: saved({ authentication: 'none' }), wire: '530', mends: tested(oauth) },
  'mailbox-permission': {
    ...unseen,
    breaks: cmdlet(`Remove-MailboxPermission ${mailbox} -User ${enterprise} -AccessRights FullAccess`),
    wire: '430 4.2.0',
    mends: cmdlet(`Add-MailboxPermission ${mailbox} -User ${enterprise} -AccessRights FullAccess`),
  },
  'send-as-throttled': {
    ...refused,
    topology: topology('two-send-as-denials'),
    breaks: denied,
    wire: '550 5.2.252',
    mends: async (deployment) => {
      await ownSender(deployment);
      await deployment.clock.advance('61m');
    },
  },
  'send-as-denied': { ...refused, breaks: foreignSender, wire: '554 5.2.252', mends: ownSender },
  'mailbox-full': { ...refused, topology: topology('mailbox-full'), breaks: nothing, wire: '554 5.2.2', mends: fromOtherMailbox },
  'recipient-quota': { ...refused, topology: topology('one-recipient-a-day'), breaks: (deployment) => deployment.createGuest({ node: 'psn-1', email: 'first@guest.example' }), wire: '554 5.2.0', mends: aDay },
  'sender-blocked': { ...refused, topology: topology('sender-blocked'), breaks: nothing, wire: '550 5.1.8', mends: fromOtherMailbox },
  'message-too-large': { ...refused, breaks: cmdlet(`Set-Mailbox ${mailbox} -MaxSendSize 1KB`), wire: '552 5.3.4', mends: cmdlet(`Set-Mailbox ${mailbox} -MaxSendSize 35MB`) },
  'too-many-submissions': { ...unseen, breaks: fault({ fault: 'exchange-432' }), wire: '432', mends: heal },
  'exchange-busy': { ...unseen, breaks: fault({ fault: 'exchange-451', stage: 'mail' }), wire: '451', mends: heal },
  proxy: {
    ...onPage,
    breaks: async (deployment) => {
      await proxied(deployment);
      await deployment.setSmtp({ port: 25 });
    },
    wire: 'EPROXY',
    mends: tested({ port: 587 }),
  },
  refused: { ...onPage, breaks: typed({ port: 25 }), wire: 'ECONNREFUSED', mends: tested({ port: 587 }) },
  'unknown-host': { ...onPage, breaks: typed({ host: 'smtp.office365.con' }), wire: 'ENOTFOUND', mends: tested({ host: 'smtp.office365.com' }) },
  reset: { ...standing, breaks: fault({ to: 'smtp.office365.com', fault: 'reset' }), wire: 'ECONNRESET', mends: heal },
};

/** What another client does, and the number or the reply that it gets for it; undefined where all is well. */
type Request = (client: AnotherClient) => Promise<string | undefined>;

const form = { client_id: clientId, scope: 'https://outlook.office.com/.default', client_secret: 'demo-secret', grant_type: 'client_credentials' };
const token = (more: Partial<typeof form> | string, method = 'POST'): Request => async (client) => {
  const written = typeof more === 'string' ? more : new URLSearchParams({ ...form, ...more }).toString();
  return (await client.askForToken(tenantId, written, method)).codes[0]?.toString();
};
const authenticated = (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2'): Request => async (client) => {
  const { token: given = '' } = await client.askForToken(tenantId, new URLSearchParams(form).toString());
  const reply = await client.authenticate(mailbox, given, version);
  return reply.startsWith('235 ') ? undefined : reply.split(' ', 2).join(' ');
};

/** Each mistake of a row with what it is answered, and the same without the mistake. */
const requests: Readonly<Record<string, { readonly mistakes: readonly (readonly [wire: string, request: Request])[]; readonly mended: Request }>> = {
  scope: {
    mistakes: [
      ['70011', token({ scope: '/.default' })],
      ['1002012', token({ scope: 'https://outlook.office.com/SMTP.Send' })],
      ['500011', token({ scope: 'https://mail.contoso.example/.default' })],
    ],
    mended: token({}),
  },
  'token-request': {
    mistakes: [
      ['900144', token(`client_id=${clientId}`)],
      ['9000411', token(`${new URLSearchParams(form).toString()}&client_id=${clientId}`)],
      ['900561', token({}, 'GET')],
      ['70003', token({ grant_type: 'password' })],
    ],
    mended: token({}),
  },
  'tls-too-old': { mistakes: [['421 4.7.66', authenticated('TLSv1')], ['421 4.7.66', authenticated('TLSv1.1')]], mended: authenticated('TLSv1.2') },
};

const played = knownFailures.filter(({ id }) => id in cases).flatMap((row) => casesOf(row).map((play) => ({ row, play, name: [row.id, play.how ?? ''].join(' ').trimEnd() })));

function casesOf({ id }: Pick<KnownFailure, 'id'>): readonly Case[] {
  return [cases[id] ?? []].flat();
}

it('every row of the table is played', () => {
  expect(knownFailures.filter(({ id, causedBy }) => !(id in (causedBy ? requests : cases))).map(({ id }) => id)).toEqual([]);
  expect(Object.keys(cases).length + Object.keys(requests).length).toBe(knownFailures.length);
});

it('each cause of a refused login that can be made is played', () => {
  const { causes } = knownFailures.find(({ id }) => id === 'email-address') ?? { causes: [] };
  expect(casesOf({ id: 'email-address' }).length).toBeGreaterThan(causes.length);
});

// Cause → what is answered → remedy → success: ISE never causes these, so no page and no log shows them.
describe.each(knownFailures.filter(({ causedBy }) => causedBy))('$id', ({ id, codes, replies }) => {
  it('is answered to another client, and not once its request is mended', async () => {
    const { mistakes, mended } = requests[id] ?? expect.unreachable(id);
    await using deployment = await bootDeployment(join(root, 'topology/demo.yaml'));
    const client = new AnotherClient(deployment);
    for (const [wire, request] of mistakes) expect(await request(client)).toBe(wire);
    expect(await mended(client)).toBeUndefined();
    expect(new Set(mistakes.map(([wire]) => wire))).toEqual(new Set([...codes, ...replies]));
  });
});

// Cause → what is answered → what the page shows → what guest.log says → remedy → success.
describe.each(played)('$name', ({ row, play }) => {
  it('comes about, shows as the table says, and is mended', async () => {
    const { topology: path = join(root, 'topology/demo.yaml'), breaks, wire, test, mail, mends, roles } = play;
    await using deployment = await bootDeployment(path);
    await breaks(deployment);

    const shown = await deployment.stage.deployment.settings.testConnection({ trace: true });
    if (test === 'fails') await expectFailure(deployment, row, shown, wire);
    else expect(shown).toMatchObject({ succeeded: true, message: 'Successfully connected to smtp.office365.com.' });
    if (roles) expect(rolesIn(shown)).toEqual(roles);
    if (mail === 'goes') await expect(deployment.saveSmtp()).rejects.toThrow('nothing was saved');

    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    await deployment.clock.advance('5m');
    expect(await deployment.mails({ to: 'ana@guest.example' })).toHaveLength(mail === 'goes' ? 1 : 0);
    const log = mail === 'goes' ? '' : await deployment.guestLog('psn-1');
    if (mail !== 'goes') expect(log).toMatch(row.log ? inLog(row.log.message) : onWire(wire));
    // Where there was no token, nobody asked the mail server.
    if (row.stages.includes('token')) expect([log, await deployment.guestLog('ise-1')].join('\n')).not.toMatch(/ERROR .*\.SmtpSession /);

    await mends(deployment);
    await deployment.testConnection();
    await deployment.createGuest({ node: 'psn-1', email: 'ben@guest.example' });
    await deployment.clock.advance('1h');
    expect(await deployment.mails({ to: 'ben@guest.example', sentBy: 'psn-1' })).toHaveLength(1);
    expect(await deployment.mails({ to: 'ana@guest.example', sentBy: 'psn-1' })).toHaveLength(mail === 'is lost' ? 0 : 1);
  });
});

async function expectFailure(deployment: TestDeployment, { id, gui, log }: KnownFailure, { message, failure, outcome, trace, succeeded }: ConnectionTest, wire: string): Promise<void> {
  expect({ succeeded, failure, message }).toEqual({ succeeded: false, failure: id, message: gui ?? ('reason' in outcome ? outcome.reason : '') });
  expect(`${JSON.stringify(outcome)} ${JSON.stringify(trace)}`).toMatch(onWire(wire));
  await deployment.quiet();
  const text = log ? await deployment.guestLog('ise-1') : '';
  if (log) expect(text).toContain(`${log.logger} -::admin:::- ${logTextOf(log, await pageOf(deployment), 'reason' in outcome ? outcome.reason : '')}`);
}

function rolesIn({ trace = [] }: ConnectionTest): unknown {
  const answer = trace.find((event) => event.step === 'token-answer');
  return answer?.step === 'token-answer' ? (answer.claims?.['roles'] ?? []) : undefined;
}

async function pageOf(deployment: TestDeployment): Promise<{ host: string; port: number; connectionTimeoutMs: number }> {
  const { draft } = await deployment.stage.deployment.ask('ise-1', 'smtp-show', {});
  return draft as { host: string; port: number; connectionTimeoutMs: number };
}

/** A code as it stands, a reply as a server gives it: with a trace of JSON its parts stand apart. */
function onWire(wire: string): RegExp {
  return new RegExp(wire.replaceAll('.', '\\.').replace(' ', '[ -]'));
}

/** Its first line, up to where the settings come in. */
function inLog(message: string): RegExp {
  return new RegExp((message.split(/[{\n]/)[0] ?? '').replaceAll(/[.()]/g, '\\$&'));
}

it('the replies and codes of the cases are those of their rows', () => {
  for (const row of knownFailures.filter(({ id }) => id in cases)) {
    for (const { wire } of casesOf(row)) expect([...row.codes, ...row.replies, row.reason, ...(row.codes.length + row.replies.length === 0 ? [wire] : [])], row.id).toContain(wire);
  }
});

it('Test Connection succeeds with those of which the table says so', () => {
  const said = knownFailures.filter(({ testSucceeds }) => testSucceeds);
  expect(said.length).toBeGreaterThan(5);
  expect(said.flatMap((row) => casesOf(row).map(({ test }) => test)).filter((test) => test !== 'succeeds')).toEqual([]);
  const others = played.filter(({ row, play }) => play.test === 'succeeds' && !row.testSucceeds);
  // Exchange Online can be busy at any moment, that of the login included.
  expect(others.map(({ row }) => row.id)).toEqual(['exchange-busy']);
});

it('every scenario of the table says what the table says', () => {
  for (const { id, gui, scenarios } of knownFailures) {
    for (const name of scenarios) {
      const scenario = readFileSync(join(root, 'test/scenarios/troubleshooting', `${name}.yaml`), 'utf8');
      expect(scenario, name).toContain('expectMail:');
      if (casesOf({ id }).some(({ test }) => test === 'fails') && gui !== null) expect(scenario, name).toContain(`expectError: ${gui}\n`);
    }
  }
});
