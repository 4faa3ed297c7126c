import { beforeEach, describe, expect, test } from 'vitest';
import { done, domain, emptyTenantWorld, powerShellFor } from '../../fixtures/test-tenant.ts';
import type { PowerShell } from '../power-shell.ts';
import { cmdlets } from './all.ts';

/**
 * Parameters, the mandatory ones with "!": of Exchange Online as Microsoft's reference has them
 * (https://github.com/MicrosoftDocs/office-docs-powershell); of Microsoft Graph as remembered, compared with no reference.
 */
const documented: Readonly<Record<string, string>> = {
  'Connect-ExchangeOnline': 'DelegatedOrganization Device LoadCmdletHelp Organization ShowBanner ShowProgress SkipLoadingFormatData UserPrincipalName',
  'Disconnect-ExchangeOnline': '',
  'New-ServicePrincipal': 'AppId! DisplayName ObjectId!',
  'Get-ServicePrincipal': 'Identity',
  'Set-ServicePrincipal': 'DisplayName Identity!',
  'Remove-ServicePrincipal': 'Identity!',
  'Get-Mailbox': 'Identity ResultSize',
  'Set-Mailbox': 'Identity! MaxSendSize',
  'Add-MailboxPermission': 'AccessRights! AutoMapping Deny Identity! InheritanceType User!',
  'Get-MailboxPermission': 'Identity! User',
  'Remove-MailboxPermission': 'AccessRights! Deny Identity! InheritanceType User!',
  'Add-RecipientPermission': 'AccessRights! Identity! Trustee!',
  'Get-RecipientPermission': 'Identity Trustee',
  'Remove-RecipientPermission': 'AccessRights! Identity! Trustee!',
  'Set-CASMailbox': 'Identity! SmtpClientAuthenticationDisabled',
  'Get-CASMailbox': 'Identity ResultSize',
  'Set-TransportConfig': 'SmtpClientAuthenticationDisabled',
  'Get-TransportConfig': '',
  'Connect-MgGraph': 'ContextScope NoWelcome Scopes TenantId UseDeviceCode',
  'Disconnect-MgGraph': '',
  'Get-MgContext': '',
  'New-MgUser': 'AccountEnabled DisplayName! GivenName MailNickname! PasswordProfile! Surname UsageLocation UserPrincipalName!',
  'Get-MgUser': 'All ConsistencyLevel Filter Property Top UserId',
  'Update-MgUser': 'DisplayName PasswordProfile UsageLocation UserId!',
  'Remove-MgUser': 'UserId!',
  'Set-MgUserLicense': 'AddLicenses! RemoveLicenses! UserId!',
  'Get-MgSubscribedSku': 'All Property',
  'New-MgApplication': 'DisplayName! RequiredResourceAccess SignInAudience',
  'Get-MgApplication': 'All ApplicationId ConsistencyLevel Filter Property Top',
  'Update-MgApplication': 'ApplicationId! DisplayName RequiredResourceAccess SignInAudience',
  'Remove-MgApplication': 'ApplicationId!',
  'Add-MgApplicationPassword': 'ApplicationId! BodyParameter PasswordCredential',
  'Remove-MgApplicationPassword': 'ApplicationId! KeyId!',
  'New-MgServicePrincipal': 'AppId! BodyParameter DisplayName',
  'Get-MgServicePrincipal': 'All ConsistencyLevel Filter Property ServicePrincipalId Top',
  'Remove-MgServicePrincipal': 'ServicePrincipalId!',
  'New-MgServicePrincipalAppRoleAssignment': 'AppRoleId BodyParameter PrincipalId ResourceId ServicePrincipalId!',
  'Get-MgServicePrincipalAppRoleAssignment': 'All ServicePrincipalId!',
  'Remove-MgServicePrincipalAppRoleAssignment': 'AppRoleAssignmentId! ServicePrincipalId!',
};

const ofServices = cmdlets.filter(({ name, from }) => from !== 'PowerShell' || /^(Dis)?[Cc]onnect-|MgContext/.test(name));

test.each(ofServices.map((cmdlet) => [cmdlet.name, cmdlet.parameters] as const))('%s takes no parameter but documented ones, and wants those that are mandatory', (name, parameters) => {
  const taken = Object.entries(parameters).map(([parameter, { mandatory }]) => `${parameter}${mandatory ? '!' : ''}`);
  expect(taken.sort().join(' ')).toBe(documented[name]);
});

test('every cmdlet of the services stands in the list of documented ones', () => {
  expect(ofServices.map(({ name }) => name)).toEqual(Object.keys(documented));
});

describe('the columns without | fl', () => {
  const world = emptyTenantWorld();
  let powerShell: PowerShell;
  beforeEach(async () => {
    powerShell = powerShellFor(world);
    await done(powerShell, administration);
  });

  const mailbox = `no-reply@${domain}`;
  const administration = `
$user = New-MgUser -DisplayName no-reply -UserPrincipalName ${mailbox} -MailNickname no-reply -AccountEnabled -PasswordProfile @{ Password = "x" } -UsageLocation US
Set-MgUserLicense -UserId $user.Id -AddLicenses @{ SkuId = (Get-MgSubscribedSku).SkuId } -RemoveLicenses @()
$app = New-MgApplication -DisplayName ISE
$sp = New-MgServicePrincipal -AppId $app.AppId
$exchange = Get-MgServicePrincipal -Filter "displayName eq 'Office 365 Exchange Online'"
$role = $exchange.AppRoles | Where-Object Value -eq SMTP.SendAsApp
Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess @{ ResourceAppId = $exchange.AppId; ResourceAccess = @(@{ Id = $role.Id; Type = 'Role' }) }
New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -PrincipalId $sp.Id -ResourceId $exchange.Id -AppRoleId $role.Id
New-ServicePrincipal -AppId $app.AppId -ObjectId $sp.Id
Add-MailboxPermission ${mailbox} -User $sp.Id -AccessRights FullAccess
Add-RecipientPermission ${mailbox} -Trustee $sp.Id -AccessRights SendAs
`;

  test.each([
    ['Get-ServicePrincipal', 'DisplayName ObjectId AppId'],
    ['Get-Mailbox', 'Name Alias PrimarySmtpAddress RecipientTypeDetails'],
    [`Get-MailboxPermission ${mailbox}`, 'Identity User AccessRights IsInherited Deny'],
    ['Get-RecipientPermission', 'Identity Trustee AccessControlType AccessRights Inherited'],
    ['Get-CASMailbox', 'Name ActiveSyncEnabled OWAEnabled PopEnabled ImapEnabled MapiEnabled SmtpClientAuthenticationDisabled'],
    ['Get-MgUser', 'DisplayName Id Mail UserPrincipalName'],
    ['Get-MgSubscribedSku', 'Id SkuPartNumber SkuId ConsumedUnits'],
    ['Get-MgApplication', 'DisplayName Id AppId SignInAudience PublisherDomain'],
    ['(Get-MgApplication).RequiredResourceAccess', 'ResourceAppId ResourceAccess'],
    ['(Get-MgApplication).RequiredResourceAccess.ResourceAccess', 'Id Type'],
    ['Get-MgServicePrincipal', 'DisplayName Id AppId SignInAudience ServicePrincipalType'],
    ["(Get-MgServicePrincipal -Filter \"displayName eq 'Office 365 Exchange Online'\").AppRoles", 'Value Id AllowedMemberTypes DisplayName'],
    ["(Get-MgServicePrincipal -Filter \"displayName eq 'Office 365 Exchange Online'\").Oauth2PermissionScopes", 'Value Id Type AdminConsentDisplayName'],
    ["Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId (Get-MgServicePrincipal -Filter \"displayName eq 'ISE'\").Id", 'Id AppRoleId PrincipalDisplayName PrincipalId ResourceDisplayName'],
  ])('of %s are %s', async (command, columns) => {
    const { output } = await done(powerShell, command);
    const [, head = '', line = ''] = output.split('\n');
    expect(head.split(/ +/).join(' ')).toBe(columns);
    expect(line).toMatch(/^-+( +-+)*$/);
  });
});
