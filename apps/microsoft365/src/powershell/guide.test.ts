import { beforeEach, expect, test } from 'vitest';
import { message, tenantId, xoauth2 } from '../test-world.ts';
import type { PowerShell } from './power-shell.ts';
import { authenticate, done, domain, emptyTenantWorld, powerShellFor } from '../fixtures/test-tenant.ts';

const mailbox = `no-reply@${domain}`;

const world = emptyTenantWorld();
let powerShell: PowerShell;
beforeEach(() => { powerShell = powerShellFor(world); });

/** What the guide does in the portals, in Microsoft Graph PowerShell. */
const portals = `
Connect-MgGraph -Scopes "User.ReadWrite.All", "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"
# Step 1: a user with a licence
$user = New-MgUser -DisplayName "no-reply" -UserPrincipalName "${mailbox}" -MailNickname no-reply -AccountEnabled \`
  -PasswordProfile @{ Password = "Correct-Horse-1"; ForceChangePasswordNextSignIn = $false } -UsageLocation US
Set-MgUserLicense -UserId $user.Id -AddLicenses @{ SkuId = (Get-MgSubscribedSku -All | Where-Object SkuPartNumber -eq 'DEVELOPERPACK_E5').SkuId } -RemoveLicenses @()
# Step 2: the application, a secret, the permission and the consent
$app = New-MgApplication -DisplayName "ISE" -SignInAudience AzureADMyOrg
$sp = New-MgServicePrincipal -AppId $app.AppId
$exchange = Get-MgServicePrincipal -Filter "appId eq '00000002-0000-0ff1-ce00-000000000000'"
$role = $exchange.AppRoles | Where-Object { $_.Value -eq "SMTP.SendAsApp" }
Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess @(@{
  ResourceAppId = $exchange.AppId
  ResourceAccess = @(@{ Id = $role.Id; Type = "Role" })
})
New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -PrincipalId $sp.Id -ResourceId $exchange.Id -AppRoleId $role.Id | Out-Null
$secret = Add-MgApplicationPassword -ApplicationId $app.Id -PasswordCredential @{ displayName = "ISE"; endDateTime = (Get-Date).AddMonths(6) }
@($app.AppId, $sp.Id, $secret.SecretText)
`;

/** The guide's lines as they stand there, prompts and arrow included; only the ids that it blots out are filled in. */
const guide = (appId: string, objectId: string) => `
abc@abc-M-506L ~ % brew install --cask powershell
abc@abc-M-506L ~ % sh
sh-3.2$ brew update
sh-3.2$ brew upgrade powershell
sh-3.2$ pwsh
PowerShell 7.5.4

PS/Users/abc> Install-Module -Name ExchangeOnlineManagement
PS/Users/abc> Import-module ExchangeOnlineManagement
PS/Users/abc> Connect-ExchangeOnline -Organization ${tenantId} ---->Directory (tenant) ID
PS/Users/abc> New-ServicePrincipal -AppId ${appId} -ObjectId ${objectId}
PS/Users/abc> Get-ServicePrincipal | fl
PS/Users/abc> Add-MailboxPermission -Identity "${mailbox}” -User ${objectId} -AccessRights FullAccess
`;

async function inPortals() {
  const { objects } = await done(powerShell, portals, { session: 'prompt' });
  const [clientId = '', objectId = '', secret = ''] = objects.slice(-3) as string[];
  return { clientId, objectId, secret, mailbox };
}

test("the guide's lines lead from an empty tenant to one that accepts a submission", async () => {
  const ids = await inPortals();
  expect(await authenticate(world, ids)).toMatch(/^535 5\.7\.139 .*disabled for the Tenant\./);
  await done(powerShell, guide(ids.clientId, ids.objectId), { session: 'prompt' });
  // The tick "Authenticated SMTP" of the guide's first step.
  await done(powerShell, `Set-CASMailbox -Identity "${mailbox}" -SmtpClientAuthenticationDisabled $false`, { session: 'prompt' });

  const client = await world.dialTls();
  const token = await world.token({ client_id: ids.clientId, client_secret: ids.secret });
  expect(await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, token)}`)).toBe('235 2.7.0 Authentication successful');
  expect(await client.send(message({ From: mailbox }), { from: mailbox })).toMatch(/^250 2\.0\.0 OK /);
  await client.close();
});

test('a prompt takes them line by line, and says where a line goes on', async () => {
  const { clientId, objectId } = await inPortals();
  for (const line of guide(clientId, objectId).split('\n')) await done(powerShell, line, { session: 'prompt' });
  expect(world.double.tenant.current.servicePrincipals).toMatchObject([{ appId: clientId, objectId }]);
  for (const begun of ['@{ a = 1', 'Get-ServicePrincipal |', '"no', '(Get-Date']) {
    expect((await powerShell.run({ command: begun, session: 'prompt' })).error?.code, begun).toBe('incomplete');
  }
});

test('Get-ServicePrincipal as a list shows the fields of the guide, in its order', async () => {
  const { clientId, objectId } = await inPortals();
  await done(powerShell, guide(clientId, objectId), { session: 'prompt' });
  const { output } = await done(powerShell, 'Get-ServicePrincipal | fl');
  const lines = output.split('\n').filter((line) => line !== '');
  expect(lines.map((line) => line.split(' : ')[0]?.trim())).toEqual([
    ...['DisplayName', 'AppId', 'ObjectId', 'Sid', 'SidHistory', 'OverrideEnforceExoAppRbacPermissions', 'Identity', 'Id', 'IsValid', 'ExchangeVersion', 'Name'],
    ...['DistinguishedName', 'ObjectCategory', 'ObjectClass', 'WhenChanged', 'WhenCreated', 'WhenChangedUTC', 'WhenCreatedUTC', 'ExchangeObjectId'],
    ...['OrganizationalUnitRoot', 'OrganizationId', 'Guid', 'OriginatingServer', 'ObjectState'],
  ]);
  const field = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.replace(/^.*? : /, '');
  expect([field('AppId'), field('ObjectId'), field('Identity'), field('Name')]).toEqual([clientId, objectId, objectId, objectId]);
  expect(field('Sid')).toMatch(/^S-1-5-21-\d{9,10}-\d{9,10}-\d{9,10}-\d{8}$/);
  expect([field('SidHistory'), field('OverrideEnforceExoAppRbacPermissions'), field('IsValid'), field('ExchangeVersion')]).toEqual(['{}', 'False', 'True', '1.1 (15.0.0.0)']);
  expect(field('ObjectClass')).toBe('{top, person, organizationalPerson, user}');
  expect([field('WhenCreated'), field('OrganizationalUnitRoot'), field('ObjectState')]).toEqual(['2/2/2026 5:00:00 AM', domain, 'Changed']);
});

test('Add-MailboxPermission prints the columns of the guide, the user by its SID', async () => {
  const { clientId, objectId } = await inPortals();
  await done(powerShell, `New-ServicePrincipal -AppId ${clientId} -ObjectId ${objectId}`);
  const { output } = await done(powerShell, `Add-MailboxPermission -Identity "${mailbox}" -User ${objectId} -AccessRights FullAccess`);
  expect(output).toMatch(
    /^\nIdentity +User +AccessRights +IsInherited +Deny\n-{8} +-{4} +-{12} +-{11} +-{4}\n[0-9a-f-]{19}… S-1-5-21-\d{9,10}…? \{FullAccess\} +False +False\n\n$/,
  );
});
