import type { User } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { graphAbsence } from '../../errors.ts';
import { derivedGuid } from '../../ids.ts';
import { PowerShellDate, PowerShellObject } from '../../values/value.ts';
import type { Context } from '../cmdlet.ts';
import { aliasOf } from '../exchange/directory.ts';
import { developerLicense, skus } from './skus.ts';

const type = { name: 'MicrosoftGraphUser', table: ['DisplayName', 'Id', 'Mail', 'UserPrincipalName'].map((name) => ({ name })) };
const licenseType = { name: 'MicrosoftGraphAssignedLicense' };

export function userObject({ tenant }: Context, user: User): PowerShellObject {
  const hasMailbox = user.licenses.length > 0 && tenant.current.mailboxes.some(({ address }) => sameText(address, user.userPrincipalName));
  return new PowerShellObject(type, {
    DisplayName: user.displayName,
    Id: user.id,
    Mail: hasMailbox ? user.userPrincipalName : null,
    UserPrincipalName: user.userPrincipalName,
    MailNickname: user.mailNickname,
    AccountEnabled: true,
    UsageLocation: user.usageLocation ?? null,
    AssignedLicenses: user.licenses.map((skuId) => new PowerShellObject(licenseType, { SkuId: skuId, SkuPartNumber: skus.find((sku) => sku.skuId === skuId)?.partNumber ?? null, DisabledPlans: [] })),
    CreatedDateTime: new PowerShellDate(user.createdAt ?? tenant.kept.begun),
  });
}

/** All users: those that the tenant lists, and the owners of mailboxes that it does not. */
export function allUsers(context: Context): User[] {
  const { users = [], mailboxes } = context.tenant.current;
  const owners = mailboxes.filter(({ address }) => !users.some(({ userPrincipalName }) => sameText(userPrincipalName, address))).map(({ address }) => ownerOf(context, address));
  return [...users, ...owners];
}

/** By id or user principal name. */
export function userOf(cmdlet: string, context: Context, identity: string): User {
  const user = allUsers(context).find(({ id, userPrincipalName }) => sameText(id, identity) || sameText(userPrincipalName, identity));
  if (user) return user;
  throw graphAbsence(cmdlet, identity, '"Get-MgUser -All" shows the users.');
}

function ownerOf({ random }: Context, address: string): User {
  return {
    id: derivedGuid(random, `user ${address.toLowerCase()}`),
    userPrincipalName: address,
    displayName: aliasOf(address),
    mailNickname: aliasOf(address),
    usageLocation: 'US',
    licenses: [developerLicense],
  };
}
