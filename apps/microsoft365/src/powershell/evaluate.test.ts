import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientId, enterpriseObjectId, TestWorld } from '../test-world.ts';
import type { PowerShell } from './power-shell.ts';
import { done, powerShellFor } from '../fixtures/test-tenant.ts';

let world: TestWorld;
let powerShell: PowerShell;
beforeAll(async () => {
  world = await TestWorld.start();
  powerShell = powerShellFor(world);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe('an expression', () => {
  test.each([
    ['$x = "a"; "$x-b $($x)"', 'a-b a'],
    ["'$x'", '$x'],
    ['$x = @{ Name = "n"; "other" = 2 }; "$($x.name) $($x.other)"', 'n 2'],
    ['(Get-ServicePrincipal).AppId', clientId],
    ['(Get-ServicePrincipal)[0].ObjectId', enterpriseObjectId],
    ['@(1, 2, 3).Count', '3'],
    ['@("a", "b")[-1]', 'b'],
    ['(Get-Date).AddMonths(1).AddDays(-1)', '3/1/2026 5:00:00 AM'],
    ['Get-Date 2026-08-01', '8/1/2026 12:00:00 AM'],
    ['[string]"text"', 'text'],
    ['@(1, 2, 3) | Where-Object { $_ -gt 1 -and $_ -ne 3 }', '2'],
    ['"a" -in @("A", "b")', 'True'],
    ['"SMTP.SendAsApp" -like "smtp.*"', 'True'],
    ['@("b", "a") -eq "A"', 'a'],
    ['$nothing', ''],
    ['Get-ServicePrincipal | Select-Object -First 1 -ExpandProperty AppId', clientId],
    ['"Abc".ToUpper()', 'ABC'],
    ['$x = 7; @{ SkuId=$x}.SkuId', '7'],
    ['@{a=$true}.a', 'True'],
    ['$x = 7; @(@{a=$x},@{a=2}).a', '7\n2'],
    ['$x = "ISESIM"; Get-ServicePrincipal | Where-Object {$_.DisplayName -ne $x} | % {$_.AppId}', clientId],
    ['$x = "a"; "$x}"', 'a}'],
    ['$x = "a"; "{$x}"', '{a}'],
    ['$x = "a"; "${x}y ${x}"', 'ay a'],
    ['$x = @{ y = 1 }; "$($x.y)}"', '1}'],
    ['${x} = "a"; ${x}', 'a'],
    ['@(1, 2, 3) | ? { $_ -gt 2 }', '3'],
    ['@(1, 2) | % { "n$_" }', 'n1\nn2'],
    ['@(1, 2) | ForEach-Object -Begin { "b" } -Process { $_; $_ } -End { "e" }', 'b\n1\n1\n2\n2\ne'],
    ['@(@{ n = "a" }, @{ n = "b" }) | foreach n', 'a\nb'],
    ['@(1, 2) | % { $a = $_; @(3) | % { "$a$_" }; $_ }', '13\n1\n23\n2'],
    ['@("b", "A", "c") | Sort-Object', 'A\nb\nc'],
    ['@(10, 9, 100) | sort -Descending', '100\n10\n9'],
    ['@("10", "9") | sort', '10\n9'],
    ['@("b", "A", "B") | Sort-Object -Unique', 'A\nb'],
    ['@(@{ n = 2; m = "x" }, @{ n = 1; m = "z" }, @{ n = 1; m = "y" }) | Sort-Object n, m | % m', 'y\nz\nx'],
    ['@("bb", "a") | Sort-Object { $_.Length }', 'a\nbb'],
    ['@("ISE mail", "other") | Where-Object { $_ -match "^ise\\s" }', 'ISE mail'],
    ['@(0, 1) | ? { -not $_ }', '0'],
    ['@(@{ n = 0 }, @{ n = 1 }) | ? { !$_.n -and $true } | % n', '0'],
    ['-not $false', 'True'],
    ['"ISE" -notmatch "^x"', 'True'],
    ['Install-Module -Name ExchangeOnlineManagement -RequiredVersion 3.7.0; "on"', 'on'],
    ['(Get-Date).AddDays(180).ToString("yyyy-MM-dd")', '2026-08-01'],
    ['Get-Date -Format "yyyy-MM-ddTHH:mm:ssZ"', '2026-02-02T05:00:00Z'],
  ])('%s gives %s', async (script, expected) => {
    expect((await done(powerShell, script)).output.trim()).toBe(expected);
  });
});

describe('a splatted variable', () => {
  test('gives a cmdlet the parameters of a hashtable, switches included, beside those that are written', async () => {
    const { output } = await done(powerShell, '$how = @{ Property = "AppId"; AutoSize = $true }; Get-ServicePrincipal | ft @how -HideTableHeaders:$false');
    expect(output).toBe(`\nAppId\n-----\n${clientId}\n\n`);
  });

  test('gives it the items of a list by their position', async () => {
    expect((await done(powerShell, '$what = @("said"); Write-Output @what')).output).toBe('said\n');
  });
});

test('a pattern that is none is an error', async () => {
  const { error } = await powerShell.run({ command: '"a" -match "("' });
  expect(error?.message).toMatch(/^ParserError: .*"\("/);
});

describe('output', () => {
  test('is a table of the columns that were asked for', async () => {
    const { output } = await done(powerShell, 'Get-ServicePrincipal | ft ObjectId, IsValid');
    expect(output).toBe(`\nObjectId                             IsValid\n--------                             -------\n${enterpriseObjectId} True\n\n`);
  });

  test('is a list of the properties that were asked for, wildcards included', async () => {
    expect((await done(powerShell, 'Get-ServicePrincipal | Format-List appid, *version')).output).toBe(`\nAppId           : ${clientId}\nExchangeVersion : 1.1 (15.0.0.0)\n\n`);
    expect((await done(powerShell, 'Get-ServicePrincipal | select AppId, IsValid | fl')).output).toBe(`\nAppId   : ${clientId}\nIsValid : True\n\n`);
  });

  test('is data as well, with dates in ISO 8601', async () => {
    const { objects } = await done(powerShell, 'Get-ServicePrincipal | fl; Get-Date');
    expect(objects).toEqual([expect.objectContaining({ AppId: clientId, IsValid: true, ObjectClass: ['top', 'person', 'organizationalPerson', 'user'] }), '2026-02-02T05:00:00Z']);
  });
});

describe('an error is PowerShell’s, with what to do', () => {
  test.each<[string, string, RegExp]>([
    ['Get-ServicePrncipal', "Get-ServicePrncipal: The term 'Get-ServicePrncipal' is not recognized as a name of a cmdlet", /Did you mean Get-ServicePrincipal/],
    ['New-ManagementScope', "New-ManagementScope: The term 'New-ManagementScope' is not recognized", /Get-Command/],
    ['New-ServicePrincipal', 'New-ServicePrincipal: Cannot process command because of one or more missing mandatory parameters: AppId ObjectId.', /For example: New-ServicePrincipal -AppId/],
    ['Get-MessageTrace', "Get-MessageTrace: The term 'Get-MessageTrace' is not recognized", /isesim mail ls/],
    ['Get-Help Get-MessageTraceV2', 'Get-Help could not find Get-MessageTraceV2', /isesim mail ls/],
    ['Set-MgUserLicense -UserId $null -AddLicenses @() -RemoveLicenses @()', "Set-MgUserLicense: Cannot bind argument to parameter 'UserId' because it is null.", /never set/],
    ['New-ServicePrincipal -AppIdd 1', "New-ServicePrincipal: A parameter cannot be found that matches parameter name 'AppIdd'.", /Did you mean -AppId\?/],
    ['New-ServicePrincipal -AppId', "New-ServicePrincipal: Missing an argument for parameter 'AppId'.", /-AppId/],
    ['Get-MgUser -F 1 -U 2 -UserId 3', "Get-MgUser: Cannot bind parameter because parameter 'UserId' is specified more than once.", /once/],
    ['Connect-MgGraph -N -U x -S a b c', "Connect-MgGraph: A positional parameter cannot be found that accepts argument", /Get-Help/],
    ['Add-MailboxPermission x -User y -AccessRights Full', `Add-MailboxPermission: Cannot validate argument on parameter 'AccessRights'. The argument "Full" does not belong to the set`, /FullAccess/],
    ['Set-CASMailbox x -Smtp maybe', "Set-CASMailbox: Cannot process argument transformation on parameter 'SmtpClientAuthenticationDisabled'", /\$true, \$false or \$null/],
    ...['Set-CASMailbox x -SmtpClientAuthenticationDisabled', 'Set-TransportConfig -SmtpClientAuthenticationDisabled', 'Add-MailboxPermission x -User y -AccessRights FullAccess -AutoMapping'].map((command): [string, string, RegExp] => [
      `${command} false`,
      'Cannot convert value "System.String" to type "System.Boolean". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.',
      /\$true, \$false or \$null/,
    ]),
    ['Remove-ServicePrincipal x -Confirm:false', 'Cannot convert value "System.String" to type "System.Management.Automation.SwitchParameter".', /\$true or \$false/],
    ['Add-MailboxPermission nobody@x.example -User y -AccessRights FullAccess', "Write-ErrorMessage: Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'nobody@x.example' couldn't be found on '", /There is no-reply@/],
    ['Add-MailboxPermission no-reply -User y -AccessRights FullAccess', 'Write-ErrorMessage: Ex9F5E3A|Microsoft.Exchange.Configuration.Tasks.UserOrGroupNotFoundException|User or group "y" wasn\'t found.', /object ID of a service principal/],
    ['Connect-ExchangeOnline -Organization fabrikam.example', "Connect-ExchangeOnline: AADSTS90002: Tenant 'fabrikam.example' not found.", /contoso\.onmicrosoft\.com/],
    [`Add-MgApplicationPassword -ApplicationId ${clientId}`, `Add-MgApplicationPassword_AddExpanded: Resource '${clientId}' does not exist`, /object ID of the app registration: 0a0a0a0a/],
    [`"x".Frob()`, "InvalidOperation: Method invocation failed because the value does not contain a method named 'Frob'.", /tostring/],
  ])('%s', async (command, message, remedy) => {
    const { error } = await powerShell.run({ command });
    expect(error?.message).toContain(message);
    expect(error?.remedy).toMatch(remedy);
  });

  test('and ends the script, whose beginning is done', async () => {
    const { output, error } = await powerShell.run({ command: '"first"; Get-Nothing; "last"' });
    expect([output, error?.code]).toEqual(['first\n', 'not-recognized']);
  });
});

describe('a session', () => {
  test('with a name begins without a connection, and wants one', async () => {
    const run = (command: string) => powerShell.run({ command, session: 'new' });
    expect((await run('Get-ServicePrincipal')).error).toMatchObject({ code: 'not-recognized', remedy: expect.stringContaining('Connect-ExchangeOnline') as string });
    expect((await run('Get-MgApplication')).error?.message).toBe('Get-MgApplication: Authentication needed. Please call Connect-MgGraph.');
    expect((await run('Connect-ExchangeOnline -ShowBanner:$false; Connect-MgGraph -NoWelcome')).output).toBe('');
    expect((await run('$sp = Get-ServicePrincipal; Get-MgApplication | Out-Null')).error).toBeUndefined();
    expect((await run('$sp.AppId')).objects).toEqual([clientId]);
    expect((await run('Disconnect-ExchangeOnline -Confirm:$false; Get-ServicePrincipal')).error?.code).toBe('not-recognized');
  });

  test('that is asked for so is connected to both services, until it disconnects', async () => {
    const run = (command: string) => powerShell.run({ command, session: 'connected', connected: true });
    expect((await run('$sp = Get-ServicePrincipal; Get-MgApplication | Out-Null')).error).toBeUndefined();
    expect((await run('$sp.AppId')).objects).toEqual([clientId]);
    expect((await run('Disconnect-MgGraph; Get-MgApplication')).error?.code).toBe('not-connected');
  });

  test('has variables of its own; one without a name ends with its command', async () => {
    await done(powerShell, '$mine = 1', { session: 'one' });
    expect((await done(powerShell, '$mine', { session: 'other' })).objects).toEqual([]);
    await done(powerShell, '$mine = 1');
    expect((await done(powerShell, '$mine')).objects).toEqual([]);
  });
});

test('-WhatIf changes nothing', async () => {
  const before = world.double.tenant.current;
  const { output } = await done(powerShell, `Remove-ServicePrincipal -Identity ${enterpriseObjectId} -WhatIf`);
  expect(output).toBe('What if: Performing the operation "Remove-ServicePrincipal".\n');
  expect(world.double.tenant.current).toBe(before);
});
