import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const mailbox = 'no-reply@contoso.onmicrosoft.com';

const emptyTenant = `name: tenant
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: primary }
  - { name: psn-1, psn: true }
microsoft365: { domain: contoso.onmicrosoft.com, mailboxes: [], applications: [], servicePrincipals: [] }
`;

const administration = `
$user = New-MgUser -DisplayName no-reply -UserPrincipalName ${mailbox} -MailNickname no-reply -AccountEnabled -PasswordProfile @{ Password = "x" } -UsageLocation US
Set-MgUserLicense -UserId $user.Id -AddLicenses @{ SkuId = (Get-MgSubscribedSku).SkuId } -RemoveLicenses @() | Out-Null
Set-CASMailbox -Identity ${mailbox} -SmtpClientAuthenticationDisabled $false
$app = New-MgApplication -DisplayName ISE -SignInAudience AzureADMyOrg
$sp = New-MgServicePrincipal -AppId $app.AppId
$exchange = Get-MgServicePrincipal -Filter "displayName eq 'Office 365 Exchange Online'"
New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -PrincipalId $sp.Id -ResourceId $exchange.Id -AppRoleId $exchange.AppRoles[0].Id | Out-Null
New-ServicePrincipal -AppId $app.AppId -ObjectId $sp.Id | Out-Null
Add-MailboxPermission -Identity ${mailbox} -User $sp.Id -AccessRights FullAccess | Out-Null
@($app.AppId, (Add-MgApplicationPassword -ApplicationId $app.Id).SecretText)
`;

it('an empty tenant that is administered while the deployment runs lets its mail out, and holds it back again', async () => {
  await using deployment = await bootDeployment(emptyTenant);
  const { deployment: running } = deployment.stage;
  const { objects, error } = await running.m365({ command: administration });
  expect(error).toBeUndefined();
  const [clientId = '', clientSecret = ''] = objects as string[];
  await deployment.setSmtp({ clientId, clientSecret, emailAddress: mailbox });
  await deployment.testConnection();
  await deployment.saveSmtp();

  await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
  expect(await deployment.mails()).toMatchObject([{ to: ['ana@guest.example'], sentBy: 'psn-1', authenticatedAs: { clientId, mailbox } }]);

  await running.m365({ command: `Remove-MailboxPermission ${mailbox} -User (Get-ServicePrincipal).ObjectId -AccessRights FullAccess` });
  await deployment.createGuest({ node: 'psn-1', email: 'ben@guest.example' });
  expect(await deployment.mails()).toHaveLength(1);
  expect(await deployment.guestLog('psn-1')).toContain('430 4.2.0');
  expect(filesWith(deployment.folder, clientSecret)).toEqual([]);
});

/** The files in a folder that hold a text as it is. */
function filesWith(folder: string, text: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  expect(files.some((path) => path.endsWith('microsoft365/tenant.json'))).toBe(true);
  return files.filter((path) => readFileSync(path, 'latin1').includes(text));
}

it('a step, with a session or without, is connected to both services from its first command', async () => {
  await using deployment = await bootDeployment(emptyTenant);
  await deployment.m365('Get-ServicePrincipal; Get-MgApplication');
  await deployment.m365({ command: '$users = Get-MgUser; $count = @(Get-Mailbox).Count', session: 'guide' });
  expect((await deployment.m365({ command: '"$count"', session: 'guide' })).objects).toEqual(['0']);
});

it('a prompt keeps its session from line to line, and tells where it is wrong', async () => {
  await using deployment = await bootDeployment(emptyTenant);
  const say = (command: string) => deployment.stage.deployment.m365({ command, session: 'prompt' });
  expect((await say('Get-ServicePrincipal')).error?.code).toBe('not-recognized');
  await say('Connect-ExchangeOnline -Organization contoso.onmicrosoft.com');
  await say('$id = "a"');
  expect((await say('New-ServicePrincipal -AppId $id -ObjectId b')).objects).toMatchObject([{ AppId: 'a', ObjectId: 'b' }]);
  expect((await say('Get-ServicePrincipal |')).error?.code).toBe('incomplete');
});
