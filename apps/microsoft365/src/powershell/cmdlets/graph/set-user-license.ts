import type { Tenant, User } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { putUser } from '../../../tenant/edit.ts';
import { graphError } from '../../errors.ts';
import { textOf, type Hashtable, type PowerShellObject } from '../../values/value.ts';
import type { Cmdlet, Context } from '../cmdlet.ts';
import { skus } from './skus.ts';
import { userObject, userOf } from './user-object.ts';

export const setMgUserLicense: Cmdlet = {
  name: 'Set-MgUserLicense',
  from: 'Microsoft Graph',
  help: 'Gives a user licences or takes them away. With a licence comes a mailbox; without one it cannot be opened, and has all its rights again with the next.',
  example: 'Set-MgUserLicense -UserId no-reply@contoso.onmicrosoft.com -AddLicenses @{ SkuId = (Get-MgSubscribedSku).SkuId } -RemoveLicenses @()',
  parameters: { UserId: { takes: 'text', mandatory: true, fromPipeline: 'Id' }, AddLicenses: { takes: 'value', mandatory: true }, RemoveLicenses: { takes: 'texts', mandatory: true } },
  run: (bound, context) => {
    const user = userOf('Set-MgUserLicense_AssignExpanded', context, bound.text('UserId'));
    const added = bound.tables('AddLicenses').map((each) => skuOf(each));
    if (added.length > 0 && user.usageLocation === undefined) throw noUsageLocation(user);
    const removed = bound.texts('RemoveLicenses');
    const kept = user.licenses.filter((each) => !removed.some((one) => sameText(one, each)));
    const changed = { ...user, licenses: [...new Set([...kept, ...added])] };
    context.tenant.change((tenant) => withMailbox(putUser(tenant, changed), changed, context));
    return [userObject(context, changed)];
  },
};

function skuOf(license: Hashtable | PowerShellObject): string {
  const written = textOf(license.get('SkuId'));
  const known = skus.find(({ skuId }) => sameText(skuId, written))?.skuId;
  if (known !== undefined) return known;
  throw graphError('Set-MgUserLicense_AssignExpanded', `License ${written} does not correspond to a valid company License.`, 'bad-request', '"Get-MgSubscribedSku" shows the licences that there are.');
}

function noUsageLocation({ userPrincipalName }: User) {
  return graphError('Set-MgUserLicense_AssignExpanded', 'License assignment cannot be done for user with invalid usage location.', 'bad-request', `Set it first: Update-MgUser -UserId ${userPrincipalName} -UsageLocation US`);
}

/** A new mailbox says nothing about SMTP AUTH itself. */
function withMailbox(tenant: Tenant, { userPrincipalName: address, licenses }: User, { now }: Context): Tenant {
  const has = tenant.mailboxes.some((mailbox) => sameText(mailbox.address, address));
  if (has || licenses.length === 0) return tenant;
  return { ...tenant, mailboxes: [...tenant.mailboxes, { address, authenticatedSmtp: null, permissions: [], createdAt: now }] };
}
