import { afterEach, beforeEach, expect, test } from 'vitest';
import { clientId, enterpriseObjectId, mailbox, message, signedBy, TestWorld } from '../../../test-world.ts';
import type { PowerShell } from '../../power-shell.ts';
import { done, powerShellFor } from '../../../fixtures/test-tenant.ts';

let world: TestWorld;
let powerShell: PowerShell;
beforeEach(async () => {
  world = await TestWorld.start();
  powerShell = powerShellFor(world);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const objectsOf = async (command: string) => (await done(powerShell, command)).objects;

test('a service principal is found by object id, app id or name; whoever names none that is there gets all', async () => {
  await done(powerShell, 'New-ServicePrincipal -AppId a -ServiceId b -DisplayName "Second"');
  for (const identity of ['b', 'a', 'second']) expect(await objectsOf(`Get-ServicePrincipal -Identity ${identity}`), identity).toMatchObject([{ AppId: 'a', ObjectId: 'b', DisplayName: 'Second' }]);
  expect(await objectsOf('Get-ServicePrincipal -Identity nobody')).toHaveLength(2);
  expect(await objectsOf('Get-ServicePrincipal $null')).toHaveLength(2);
});

test('a service principal with a wrong object id is removed and made again', async () => {
  expect((await powerShell.run({ command: `New-ServicePrincipal -AppId ${clientId} -ObjectId ${enterpriseObjectId}` })).error).toMatchObject({ code: 'already-exists', remedy: expect.stringContaining('Remove-ServicePrincipal') as string });
  await done(powerShell, `Get-ServicePrincipal | Remove-ServicePrincipal -Confirm:$false`);
  expect(await objectsOf('Get-ServicePrincipal')).toEqual([]);
  expect((await powerShell.run({ command: `Remove-ServicePrincipal ${enterpriseObjectId}` })).error?.code).toBe('not-found');
  await done(powerShell, `New-ServicePrincipal -AppId ${clientId} -ObjectId ${enterpriseObjectId}; Set-ServicePrincipal ${enterpriseObjectId} -DisplayName ISE`);
  expect(await objectsOf('Get-ServicePrincipal')).toMatchObject([{ DisplayName: 'ISE' }]);
});

test('mailbox permissions are shown by who has them, the owner first; a denial stands apart', async () => {
  await done(powerShell, `Add-MailboxPermission ${mailbox} -User ${enterpriseObjectId} -AccessRights ReadPermission; Add-MailboxPermission ${mailbox} -User ${clientId} -AccessRights FullAccess -Deny`);
  expect(await objectsOf(`Get-MailboxPermission ${mailbox}`)).toMatchObject([
    { User: 'NT AUTHORITY\\SELF', AccessRights: ['FullAccess', 'ReadPermission'], Deny: false },
    { AccessRights: ['FullAccess', 'ReadPermission'], Deny: false },
    { AccessRights: ['FullAccess'], Deny: true },
  ]);
  expect(await (await world.dialIn()).send()).toMatch(/^430 /);
  await done(powerShell, `Remove-MailboxPermission ${mailbox} -User ${enterpriseObjectId} -AccessRights FullAccess -Deny`);
  expect(await (await world.dialIn()).send()).toMatch(/^250 /);
});

test('what is there already is only warned of, and what is not there cannot be taken away', async () => {
  const { output } = await done(powerShell, `Add-MailboxPermission ${mailbox} -User ${enterpriseObjectId} -AccessRights FullAccess`);
  expect(output).toMatch(/^WARNING: The appropriate access control entry is already present on the object "no-reply@/);
  expect(world.double.tenant.current.mailboxes[0]?.permissions).toHaveLength(1);
  expect((await powerShell.run({ command: `Remove-MailboxPermission ${mailbox} -User ${enterpriseObjectId} -AccessRights ChangeOwner` })).error?.message).toContain("isn't present on the object");
});

test('the rights to send as a mailbox are shown and taken away', async () => {
  await done(powerShell, `Add-RecipientPermission ${mailbox} -Trustee ${enterpriseObjectId} -AccessRights SendAs`);
  expect(await objectsOf('Get-RecipientPermission')).toMatchObject([{ Identity: mailbox, Trustee: expect.stringMatching(/^S-1-5-21-/) as string, AccessControlType: 'Allow', AccessRights: ['SendAs'], Inherited: false }]);
  await done(powerShell, `Remove-RecipientPermission ${mailbox} -Trustee ${enterpriseObjectId} -AccessRights SendAs -Confirm:$false`);
  expect(await objectsOf(`Get-RecipientPermission ${mailbox}`)).toEqual([]);
});

test('SMTP AUTH goes by the mailbox, and by the tenant where the mailbox says nothing', async () => {
  const auth = async () => (await world.dialIn().catch((error: unknown) => String(error))).toString();
  const set = (value: string) => done(powerShell, `Set-CASMailbox ${mailbox} -SmtpClientAuthenticationDisabled ${value}`);
  const shown = async () => objectsOf(`(Get-CASMailbox ${mailbox}).SmtpClientAuthenticationDisabled; (Get-TransportConfig).SmtpClientAuthenticationDisabled`);
  expect(await shown()).toEqual([false, true]);
  await set('$true');
  expect(await auth()).toContain('disabled for the Mailbox.');
  await set('$null');
  expect(await shown()).toEqual([true]);
  expect(await auth()).toContain('disabled for the Tenant.');
  await done(powerShell, 'Set-TransportConfig -SmtpClientAuthenticationDisabled $false');
  expect(await auth()).not.toContain('535');
});

test('MaxSendSize of a mailbox is how large its messages may be', async () => {
  const shown = async () => objectsOf(`(Get-Mailbox ${mailbox}).MaxSendSize`);
  expect(await shown()).toEqual(['150 MB (157,286,400 bytes)']);
  await done(powerShell, `Set-Mailbox ${mailbox} -MaxSendSize 1KB`);
  expect(await shown()).toEqual(['1 KB (1,024 bytes)']);
  const client = await world.dialIn();
  const tooLarge = signedBy('back end', '552 5.3.4 Message size exceeds fixed maximum message size', world.clock.now());
  expect(await client.say(`MAIL FROM:<${mailbox}> SIZE=1025`)).toMatch(tooLarge);
  expect(await client.send(message({}, 'x'.repeat(1_024)))).toMatch(tooLarge);
  expect(await client.send()).toMatch(/^250 /);
  await done(powerShell, `Set-Mailbox ${mailbox} -MaxSendSize "1.5 MB"`);
  expect(await shown()).toEqual(['1.5 MB (1,572,864 bytes)']);
  expect(await client.send(message({}, 'x'.repeat(1_024)))).toMatch(/^250 /);
});

test.each(['151MB', 'much', '-1KB', ''])('MaxSendSize cannot be %j', async (size) => {
  const { error } = await powerShell.run({ command: `Set-Mailbox ${mailbox} -MaxSendSize "${size}"` });
  expect(error?.remedy).toBe('Write a size up to 150MB, as 35MB or 512KB.');
});
