import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applicationObjectId, clientId, enterpriseObjectId, mailbox, TestWorld } from '../../../test-world.ts';
import type { PowerShell } from '../../power-shell.ts';
import { done, domain, emptyTenant, powerShellFor } from '../../../fixtures/test-tenant.ts';
import { developerLicense } from './skus.ts';

let world: TestWorld;
let powerShell: PowerShell;
beforeEach(async () => {
  world = await TestWorld.start();
  powerShell = powerShellFor(world);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

async function errorOf(command: string) {
  return (await powerShell.run({ command })).error;
}

const newUser = (name: string, more = '') => `New-MgUser -DisplayName n -UserPrincipalName ${name} -MailNickname n -AccountEnabled -PasswordProfile @{ Password = "x" } ${more}`;

/** The reply to AUTH PLAIN. */
async function login(user: string, password: string): Promise<string> {
  const client = await world.dialTls();
  const reply = await client.say(`AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`);
  await client.close();
  return reply;
}

describe('a user', () => {
  test('has a mailbox only with a licence, and a licence only with a usage location', async () => {
    await done(powerShell, newUser(`a@${domain}`));
    const license = `Set-MgUserLicense -UserId a@${domain} -AddLicenses @{ SkuId = "${developerLicense}" } -RemoveLicenses @()`;
    expect(await errorOf(license)).toMatchObject({ message: expect.stringContaining('License assignment cannot be done for user with invalid usage location.\n\nStatus: 400 (BadRequest)') as string, remedy: expect.stringContaining('Update-MgUser') as string });
    expect(await errorOf(`Get-Mailbox a@${domain}`)).toMatchObject({ code: 'not-found' });
    await done(powerShell, `Update-MgUser -UserId a@${domain} -UsageLocation US; ${license}`);
    expect((await done(powerShell, `Get-Mailbox a@${domain}; Get-CASMailbox a@${domain}`)).objects).toMatchObject([{ PrimarySmtpAddress: `a@${domain}` }, { SmtpClientAuthenticationDisabled: null }]);
    expect((await done(powerShell, '(Get-MgSubscribedSku).ConsumedUnits')).objects).toEqual([2]);
    await done(powerShell, `Remove-MgUser -UserId a@${domain}`);
    expect(await errorOf(`Get-Mailbox a@${domain}`)).toMatchObject({ remedy: `There is ${mailbox}.` });
  });

  test('gets in by the password of its PasswordProfile, which is never shown and can be changed', async () => {
    const steps = [newUser(`a@${domain}`, '-UsageLocation US'), `Set-MgUserLicense -UserId a@${domain} -AddLicenses @{ SkuId = (Get-MgSubscribedSku).SkuId } -RemoveLicenses @()`, `Set-CASMailbox a@${domain} -SmtpClientAuthenticationDisabled $false`];
    for (const step of steps) await done(powerShell, step);
    expect(await login(`a@${domain}`, 'x')).toMatch(/^235/);
    for (const user of [`a@${domain}`, mailbox]) await done(powerShell, `Update-MgUser -UserId ${user} -PasswordProfile @{ Password = "Another-Horse-2" }`);
    expect(await login(`a@${domain}`, 'x')).toMatch(/^535 5\.7\.139/);
    expect(await login(`a@${domain}`, 'Another-Horse-2')).toMatch(/^235/);
    expect(await login(mailbox, 'Another-Horse-2')).toMatch(/^235/);
    expect((await done(powerShell, 'Get-MgUser -All | Format-List *')).output).not.toContain('Another-Horse-2');
  });

  test('is there for every mailbox that the tenant began with', async () => {
    expect((await done(powerShell, `Get-MgUser -Filter "startsWith(userPrincipalName,'no-')"`)).objects).toMatchObject([{ UserPrincipalName: mailbox, Mail: mailbox, AssignedLicenses: [{ SkuId: developerLicense }] }]);
  });

  test.each([
    [newUser('a@elsewhere.example'), 'The domain portion of the userPrincipalName property is invalid.', new RegExp(domain)],
    [newUser(`b@${domain}`).replace('Password = "x"', ''), 'The password of the PasswordProfile is missing.', /Password = /],
    [newUser(mailbox), 'Another object with the same value for property userPrincipalName already exists.', /Get-MgUser/],
    ['Get-MgUser -UserId nobody', "Resource 'nobody' does not exist", /Get-MgUser -All/],
    [`Set-MgUserLicense -UserId ${mailbox} -AddLicenses @{ SkuId = "x" } -RemoveLicenses @()`, 'License x does not correspond to a valid company License.', /Get-MgSubscribedSku/],
    ['Get-MgUser -Filter "mail has x"', 'Invalid filter clause', /-Filter/],
  ])('is refused: %s', async (command, message, remedy) => {
    const error = await errorOf(command);
    expect(error?.message).toContain(message);
    expect(error?.remedy).toMatch(remedy);
  });
});

describe('an application', () => {
  test('that is registered has no enterprise application until one is made, and no permission', async () => {
    const { objects: [app] } = await done(powerShell, 'New-MgApplication -DisplayName Two -SignInAudience AzureADMyOrg');
    const { Id, AppId } = app as { Id: string; AppId: string };
    expect(app).toMatchObject({ SignInAudience: 'AzureADMyOrg', PasswordCredentials: [], RequiredResourceAccess: [] });
    const filter = `Get-MgServicePrincipal -Filter "appId eq '${AppId}'"`;
    expect((await done(powerShell, filter)).objects).toEqual([]);
    await done(powerShell, `New-MgServicePrincipal -AppId ${AppId}`);
    const { objects: [sp] } = await done(powerShell, filter);
    expect(new Set([Id, AppId, (sp as { Id: string }).Id]).size).toBe(3);
    expect(await errorOf(`New-MgServicePrincipal -AppId ${AppId}`)).toMatchObject({ code: 'multiple-objects' });
    expect(await errorOf('New-MgServicePrincipal -AppId 11111111-1111-4111-8111-111111111111')).toMatchObject({ remedy: expect.stringContaining('Application (client) ID') as string });
  });

  test('made anew has other ids', async () => {
    const make = async () => (await done(powerShell, '$app = New-MgApplication -DisplayName Two; $app; Remove-MgApplication -ApplicationId $app.Id')).objects[0] as { Id: string };
    expect((await make()).Id).not.toBe((await make()).Id);
  });

  test.each([
    ['Office 365 Exchange Online', 'AppRoles', 'SMTP.SendAsApp', 'DisplayName', 'Application access for sending emails via SMTP AUTH'],
    ['Microsoft Graph', 'Oauth2PermissionScopes', 'User.Read', 'AdminConsentDisplayName', 'Sign in and read user profile'],
  ])('reads as on the page of permissions: that of %s', async (api, kind, permission, property, text) => {
    const { objects } = await done(powerShell, `((Get-MgServicePrincipal -Filter "displayName eq '${api}'").${kind} | Where-Object Value -eq ${permission}).${property}`);
    expect(objects).toEqual([text]);
  });

  test('shows what it asks for by API and kind', async () => {
    expect((await done(powerShell, '(Get-MgApplication).RequiredResourceAccess')).objects).toEqual([
      { ResourceAppId: '00000002-0000-0ff1-ce00-000000000000', ResourceAccess: [{ Id: '5e5e5e5e-0000-4000-8000-000000000001', Type: 'Role' }] },
    ]);
  });

  test('keeps what was granted when it asks for more, and is granted no more by that', async () => {
    const ask = "Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess @{ ResourceAppId = $api.AppId; ResourceAccess = @($api.AppRoles | Where-Object Value -like '*AsApp' | select Id) }";
    const asked = await powerShell.run({ command: `$app = Get-MgApplication; $api = Get-MgServicePrincipal -Filter "displayName eq 'Office 365 Exchange Online'"; ${ask}` });
    // Objects without a Type are no permissions.
    expect(asked.error?.remedy).toBe('Type is Role for an application permission, Scope for a delegated one.');
    await done(powerShell, `$app = Get-MgApplication; $api = Get-MgServicePrincipal -Filter "displayName eq 'Office 365 Exchange Online'"
      Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess @{ ResourceAppId = $api.AppId; ResourceAccess = @(@{ Id = $api.AppRoles[0].Id; Type = 'Role' }, @{ Id = $api.AppRoles[1].Id; Type = 'Role' }) }`);
    expect(world.double.tenant.current.applications[0]).toMatchObject({ permissions: ['SMTP.SendAsApp', 'IMAP.AccessAsApp'], grantedPermissions: ['SMTP.SendAsApp'] });
    expect((await done(powerShell, `Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${enterpriseObjectId}`)).objects).toMatchObject([{ PrincipalId: enterpriseObjectId, ResourceDisplayName: 'Office 365 Exchange Online' }]);
  });
});

describe('a consent is refused', () => {
  const grant = (principal: string, resource: string, role: string) =>
    `$api = Get-MgServicePrincipal -Filter "displayName eq 'Office 365 Exchange Online'"; New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ${principal} -PrincipalId ${principal} -ResourceId ${resource} -AppRoleId ${role}`;

  test.each([
    ['to a delegated permission', enterpriseObjectId, '$api.Id', '$api.Oauth2PermissionScopes[0].Id', /is a delegated permission/],
    ['to what is no role', enterpriseObjectId, '$api.Id', '11111111-1111-4111-8111-111111111111', /Its roles are SMTP\.SendAsApp/],
    ['a second time', enterpriseObjectId, '$api.Id', '$api.AppRoles[0].Id', /shows what is granted/],
    ['for the app registration instead of the enterprise application', applicationObjectId, '$api.Id', '$api.AppRoles[0].Id', new RegExp(`enterprise application's is ${enterpriseObjectId}`)],
    ['of an API that is none', enterpriseObjectId, enterpriseObjectId, '$api.AppRoles[0].Id', /enterprise application of Office 365 Exchange Online/],
  ])('%s', async (_, principal, resource, role, remedy) => {
    expect((await errorOf(grant(principal, resource, role)))?.remedy).toMatch(remedy);
  });
});

test('the same administration of the same tenant gives the same ids and secrets', async () => {
  const script = `$app = New-MgApplication -DisplayName Two; Add-MgApplicationPassword -ApplicationId $app.Id; New-MgServicePrincipal -AppId $app.AppId`;
  const objects = async () => {
    await using other = await TestWorld.start({ tenant: emptyTenant() });
    return (await done(powerShellFor(other), script)).objects;
  };
  expect(await objects()).toEqual(await objects());
  expect(clientId).not.toBe(((await objects())[0] as { AppId: string }).AppId);
});
