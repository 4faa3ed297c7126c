import { Secret, type User } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { putUser } from '../../../tenant/edit.ts';
import type { Bound } from '../../bound.ts';
import { graphError } from '../../errors.ts';
import { newGuid } from '../../ids.ts';
import { textOf } from '../../values/value.ts';
import { change, type Cmdlet, type Context } from '../cmdlet.ts';
import { getCmdlet } from './get-cmdlet.ts';
import { allUsers, userObject, userOf } from './user-object.ts';

export const newMgUser: Cmdlet = {
  name: 'New-MgUser',
  from: 'Microsoft Graph',
  help: 'Makes a user. It has no mailbox until it has a licence (Set-MgUserLicense), and gets none without -UsageLocation. With the password a client gets in by AUTH LOGIN, as long as Exchange Online takes it.',
  example: 'New-MgUser -DisplayName "no-reply" -UserPrincipalName no-reply@contoso.onmicrosoft.com -MailNickname no-reply -AccountEnabled -PasswordProfile @{ Password = "…" } -UsageLocation US',
  parameters: {
    DisplayName: { takes: 'text', mandatory: true },
    UserPrincipalName: { takes: 'text', mandatory: true },
    MailNickname: { takes: 'text', mandatory: true },
    PasswordProfile: { takes: 'value', mandatory: true },
    AccountEnabled: { takes: 'switch' },
    UsageLocation: { takes: 'text' },
    GivenName: { takes: 'text' },
    Surname: { takes: 'text' },
  },
  run: (bound, context) => {
    const made = userFrom(bound, context);
    refuseName(made, context);
    context.tenant.change((tenant) => putUser(tenant, made));
    return [userObject(context, made)];
  },
};

function userFrom(bound: Bound, context: Context): User {
  const userPrincipalName = bound.text('UserPrincipalName');
  return {
    id: newGuid(context, `user ${userPrincipalName}`),
    userPrincipalName,
    displayName: bound.text('DisplayName'),
    mailNickname: bound.text('MailNickname'),
    ...passwordIn('New-MgUser_CreateExpanded', bound),
    ...(bound.has('UsageLocation') ? { usageLocation: bound.text('UsageLocation') } : {}),
    licenses: [],
    createdAt: context.now,
  };
}

function passwordIn(cmdlet: string, bound: Bound): Pick<User, 'password'> {
  if (!bound.has('PasswordProfile')) return {};
  const [profile] = bound.tables('PasswordProfile');
  const password = textOf(profile?.get('Password') ?? null);
  if (password === '') throw graphError(cmdlet, 'The password of the PasswordProfile is missing.', 'bad-request', 'Write -PasswordProfile @{ Password = "…" }.');
  return { password: new Secret(password) };
}

function refuseName({ userPrincipalName }: User, context: Context): void {
  const { domain, mailboxes } = context.tenant.current;
  const domainOf = (address: string) => address.split('@')[1] ?? '';
  const domains = [domain, ...mailboxes.map(({ address }) => domainOf(address))];
  if (!/^[^\s@]+@[^\s@]+$/.test(userPrincipalName) || !domains.some((each) => sameText(each, domainOf(userPrincipalName)))) {
    throw graphError('New-MgUser_CreateExpanded', 'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.', 'bad-request', `Write an address in ${[...new Set(domains)].join(' or ')}.`);
  }
  if (allUsers(context).some((each) => sameText(each.userPrincipalName, userPrincipalName))) {
    throw graphError('New-MgUser_CreateExpanded', 'Another object with the same value for property userPrincipalName already exists.', 'bad-request', `"Get-MgUser -UserId ${userPrincipalName}" shows it.`);
  }
}

export const getMgUser = getCmdlet({
  noun: 'User',
  help: 'Shows users.',
  example: 'Get-MgUser -UserId no-reply@contoso.onmicrosoft.com',
  all: allUsers,
  one: userOf,
  object: userObject,
});

export const updateMgUser: Cmdlet = {
  name: 'Update-MgUser',
  from: 'Microsoft Graph',
  help: 'Changes a user: the usage location that a licence needs, the display name, or the password.',
  example: 'Update-MgUser -UserId no-reply@contoso.onmicrosoft.com -UsageLocation US',
  parameters: { UserId: { takes: 'text', mandatory: true, fromPipeline: 'Id' }, UsageLocation: { takes: 'text' }, DisplayName: { takes: 'text' }, PasswordProfile: { takes: 'value' } },
  run: (bound, context) => {
    const user = userOf('Update-MgUser_UpdateExpanded', context, bound.text('UserId'));
    const usageLocation = bound.optionalText('UsageLocation');
    const displayName = bound.optionalText('DisplayName');
    const changed = { ...user, ...(usageLocation === undefined ? {} : { usageLocation }), ...(displayName === undefined ? {} : { displayName }), ...passwordIn('Update-MgUser_UpdateExpanded', bound) };
    return change(context, (tenant) => putUser(tenant, changed));
  },
};

export const removeMgUser: Cmdlet = {
  name: 'Remove-MgUser',
  from: 'Microsoft Graph',
  help: 'Removes a user, and the mailbox with it.',
  example: 'Remove-MgUser -UserId no-reply@contoso.onmicrosoft.com',
  parameters: { UserId: { takes: 'text', mandatory: true, fromPipeline: 'Id' } },
  run: (bound, context) => {
    const user = userOf('Remove-MgUser_Delete', context, bound.text('UserId'));
    return change(context, (tenant) => ({
      ...tenant,
      users: tenant.users?.filter(({ id }) => id !== user.id) ?? [],
      mailboxes: tenant.mailboxes.filter(({ address }) => !sameText(address, user.userPrincipalName)),
    }));
  },
};
