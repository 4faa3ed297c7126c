import { minuteMs } from '@isesim/domain';
import { beforeEach, describe, expect, test } from 'vitest';
import { message, xoauth2 } from '../test-world.ts';
import type { PowerShell } from './power-shell.ts';
import { authenticate, done, domain, emptyTenantWorld, powerShellFor } from '../fixtures/test-tenant.ts';

const mailbox = `no-reply@${domain}`;

/** An administrator's steps, in order. Each trap leaves one out or does it wrong. */
const steps = {
  user: `$user = New-MgUser -DisplayName no-reply -UserPrincipalName ${mailbox} -MailNickname no-reply -AccountEnabled -PasswordProfile @{ Password = "x" } -UsageLocation US`,
  license: 'Set-MgUserLicense -UserId $user.Id -AddLicenses @{ SkuId = (Get-MgSubscribedSku).SkuId } -RemoveLicenses @()',
  application: '$app = New-MgApplication -DisplayName ISE -SignInAudience AzureADMyOrg',
  enterpriseApplication: '$sp = New-MgServicePrincipal -AppId $app.AppId',
  api: "$exchange = Get-MgServicePrincipal -Filter \"appId eq '00000002-0000-0ff1-ce00-000000000000'\"; $role = $exchange.AppRoles | Where-Object Value -eq SMTP.SendAsApp",
  permission: "Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess @{ ResourceAppId = $exchange.AppId; ResourceAccess = @(@{ Id = $role.Id; Type = 'Role' }) }",
  consent: 'New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -PrincipalId $sp.Id -ResourceId $exchange.Id -AppRoleId $role.Id',
  secret: '$secret = Add-MgApplicationPassword -ApplicationId $app.Id -PasswordCredential @{ displayName = "ISE"; endDateTime = "2026-08-01" }',
  servicePrincipal: 'New-ServicePrincipal -AppId $app.AppId -ObjectId $sp.Id',
  fullAccess: `Add-MailboxPermission -Identity ${mailbox} -User $sp.Id -AccessRights FullAccess`,
  smtpAuth: `Set-CASMailbox -Identity ${mailbox} -SmtpClientAuthenticationDisabled $false`,
};
type Steps = Partial<Record<keyof typeof steps, string>>;

const world = emptyTenantWorld();
let powerShell: PowerShell;
beforeEach(() => { powerShell = powerShellFor(world); });

/** Takes all steps, some of them done otherwise; an empty one is left out. */
async function administer(otherwise: Steps = {}) {
  await done(powerShell, Object.values({ ...steps, ...otherwise }).join('\n'), { session: 'prompt', connected: true });
  return ids();
}

async function ids() {
  const { objects } = await done(powerShell, '@($app.AppId, $secret.SecretText, $secret.KeyId)', { session: 'prompt' });
  const [clientId = '', secret = '', keyId = ''] = objects as string[];
  return { clientId, secret, keyId, mailbox };
}

/** The reply to the end of a message. */
async function send({ clientId, secret }: { clientId: string; secret: string }, from = mailbox): Promise<string> {
  const client = await world.dialTls();
  await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, await world.token({ client_id: clientId, client_secret: secret }))}`);
  const reply = await client.send(message({ From: from }), { from });
  await client.close();
  return reply;
}

test('with every step done mail is accepted', async () => {
  const made = await administer();
  expect(await authenticate(world, made)).toBe('235 2.7.0 Authentication successful');
  expect(await send(made)).toMatch(/^250 2\.0\.0 OK/);
});

describe('AUTH is refused', () => {
  test.each<[string, Steps, RegExp]>([
    ['where the user has no licence, so no mailbox', { license: '', fullAccess: '', smtpAuth: '' }, /^535 5\.7\.3 /],
    ['where a delegated permission was chosen instead of the application permission', { permission: delegated(), consent: '' }, /^535 5\.7\.3 /],
    ["with the default User.Read of Microsoft Graph alone", { permission: userRead(), consent: '' }, /^535 5\.7\.3 /],
    ['where nobody consented', { consent: '' }, /^535 5\.7\.3 /],
    ["where New-ServicePrincipal was given the app registration's object id", { servicePrincipal: 'New-ServicePrincipal -AppId $app.AppId -ObjectId $app.Id', fullAccess: fullAccessFor('$app.Id') }, /^535 5\.7\.3 /],
    ['where New-ServicePrincipal was forgotten', { servicePrincipal: '', fullAccess: '' }, /^535 5\.7\.3 /],
    ['where the mailbox says nothing about SMTP AUTH and it is off for the tenant', { smtpAuth: '' }, /^535 5\.7\.139 .*disabled for the Tenant\./],
    ['where "Authenticated SMTP" is not ticked', { smtpAuth: `Set-CASMailbox ${mailbox} -SmtpClientAuthenticationDisabled $true; Set-TransportConfig -SmtpClientAuthenticationDisabled $false` }, /^535 5\.7\.139 .*disabled for the Mailbox\./],
  ])('%s', async (_, otherwise, reply) => {
    expect(await authenticate(world, await administer(otherwise))).toMatch(reply);
  });
});

describe('Entra ID gives no token', () => {
  test('for the secret ID instead of the value', async () => {
    const made = await administer();
    expect(made.keyId).not.toBe(made.secret);
    expect(await authenticate(world, { ...made, secret: made.keyId })).toBe('401 AADSTS7000215');
  });

  test('for a secret that has expired; for the next one of several it does', async () => {
    const made = await administer();
    await done(powerShell, '$next = Add-MgApplicationPassword -ApplicationId $app.Id -PasswordCredential @{ displayName = "next"; endDateTime = "2026-12-01" }', { session: 'prompt' });
    const { objects: [next] } = await done(powerShell, '$next.SecretText', { session: 'prompt' });
    expect(await authenticate(world, made)).toMatch(/^235 /);
    world.clock.advance(Date.UTC(2026, 7, 1) - world.clock.now());
    expect(await authenticate(world, made)).toBe('401 AADSTS7000222');
    expect(await authenticate(world, { ...made, secret: String(next) })).toMatch(/^235 /);
  });

  test('for a secret that was removed', async () => {
    const made = await administer();
    await done(powerShell, 'Remove-MgApplicationPassword -ApplicationId $app.Id -KeyId $secret.KeyId', { session: 'prompt' });
    expect(await authenticate(world, made)).toBe('401 AADSTS7000215');
  });

  test('without an enterprise application', async () => {
    const made = await administer({ enterpriseApplication: '', consent: '', servicePrincipal: '', fullAccess: '' });
    expect(await authenticate(world, made)).toBe('400 AADSTS7000229');
  });
});

describe('AUTH succeeds and the message is refused', () => {
  test('without Add-MailboxPermission, and again after Remove-MailboxPermission', async () => {
    const made = await administer({ fullAccess: '' });
    expect(await authenticate(world, made)).toMatch(/^235 /);
    expect(await send(made)).toMatch(/^430 4\.2\.0 /);
    await done(powerShell, steps.fullAccess, { session: 'prompt' });
    expect(await send(made)).toMatch(/^250 /);
    await done(powerShell, `Remove-MailboxPermission -Identity ${mailbox} -User $sp.Id -AccessRights FullAccess -Confirm:$false`, { session: 'prompt' });
    expect(await send(made)).toMatch(/^430 4\.2\.0 /);
  });

  test('from another mailbox, until Add-RecipientPermission', async () => {
    const sponsor = `sponsor@${domain}`;
    const made = await administer();
    await done(powerShell, [steps.user, steps.license].join('\n').replaceAll('no-reply', 'sponsor'), { session: 'prompt' });
    expect(await send(made, sponsor)).toMatch(/^554 5\.2\.252 SendAsDenied/);
    await done(powerShell, `Add-RecipientPermission -Identity ${sponsor} -Trustee ${mailbox} -AccessRights SendAs -Confirm:$false`, { session: 'prompt' });
    expect(await send(made, sponsor)).toMatch(/^250 /);
  });
});

test('a consent that is taken back leaves the next token without the role', async () => {
  const made = await administer();
  expect(await authenticate(world, made)).toMatch(/^235 /);
  await done(powerShell, 'Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id | ft; Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -AppRoleAssignmentId (Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id).Id', { session: 'prompt' });
  expect(await authenticate(world, made)).toMatch(/^535 5\.7\.3 /);
});

test('a licence that is taken away takes the mailbox with it, and gives it back with all its rights', async () => {
  const made = await administer();
  await done(powerShell, 'Set-MgUserLicense -UserId $user.Id -AddLicenses @() -RemoveLicenses @((Get-MgSubscribedSku).SkuId)', { session: 'prompt' });
  expect(await authenticate(world, made)).toMatch(/^535 5\.7\.3 /);
  await done(powerShell, steps.license, { session: 'prompt' });
  expect(await send(made)).toMatch(/^250 /);
});

test('Exchange Online goes by a change only after the propagation delay; Entra ID at once', async () => {
  world.change(() => ({ propagationMs: 30 * minuteMs }));
  const made = await administer();
  expect(await authenticate(world, made)).toMatch(/^535 5\.7\.3 /);
  world.clock.advance(30 * minuteMs);
  expect(await authenticate(world, made)).toMatch(/^235 /);
  await done(powerShell, `Remove-MailboxPermission -Identity ${mailbox} -User $sp.Id -AccessRights FullAccess`, { session: 'prompt' });
  expect(await send(made)).toMatch(/^250 /);
  world.clock.advance(30 * minuteMs);
  expect(await send(made)).toMatch(/^430 /);
});

function fullAccessFor(user: string): string {
  return `Add-MailboxPermission -Identity ${mailbox} -User ${user} -AccessRights FullAccess`;
}

/** SMTP.Send of Exchange Online, for whoever signs in. */
function delegated(): string {
  return "Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess @{ ResourceAppId = $exchange.AppId; ResourceAccess = @{ Id = ($exchange.Oauth2PermissionScopes | Where-Object Value -eq SMTP.Send).Id; Type = 'Scope' } }";
}

function userRead(): string {
  return "Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess @{ ResourceAppId = '00000003-0000-0000-c000-000000000000'; ResourceAccess = @{ Id = 'e1fe6dd8-ba31-4d61-89e7-88639da4683d'; Type = 'Scope' } }";
}
