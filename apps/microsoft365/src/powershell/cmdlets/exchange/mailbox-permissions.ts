import type { Mailbox, MailboxPermission } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { editMailbox } from '../../../tenant/edit.ts';
import { exchangeError } from '../../errors.ts';
import { PowerShellObject } from '../../values/value.ts';
import { change, type Cmdlet, type Context } from '../cmdlet.ts';
import { mailboxGuid, mailboxOf } from './directory.ts';
import { isSameTrustee, shownTrustee, trusteeOf } from './trustee.ts';

const rights = ['ChangeOwner', 'ChangePermission', 'DeleteItem', 'ExternalAccount', 'FullAccess', 'ReadPermission'];

const type = {
  name: 'Microsoft.Exchange.Management.RecipientTasks.MailboxAcePresentationObject',
  table: [{ name: 'Identity', width: 20 }, { name: 'User', width: 20 }, { name: 'AccessRights', width: 17 }, { name: 'IsInherited', width: 12 }, { name: 'Deny', width: 5 }],
};

const mailboxAndUser = {
  Identity: { takes: 'text', mandatory: true, position: 0, fromPipeline: 'Identity' },
  User: { takes: 'text', mandatory: true },
  AccessRights: { takes: 'texts', mandatory: true, oneOf: rights },
  Deny: { takes: 'switch' },
  InheritanceType: { takes: 'text', oneOf: ['None', 'All', 'Children', 'Descendents', 'SelfAndChildren'] },
} as const;

export const addMailboxPermission: Cmdlet = {
  name: 'Add-MailboxPermission',
  from: 'Exchange Online',
  help: 'Lets an application open a mailbox: without FullAccess it authenticates, and each of its messages is answered 430.',
  example: 'Add-MailboxPermission -Identity "no-reply@contoso.onmicrosoft.com" -User 0b0b0b0b-0000-4000-8000-000000000002 -AccessRights FullAccess',
  parameters: { ...mailboxAndUser, AutoMapping: { takes: 'flag' } },
  run: (bound, context) => {
    const mailbox = mailboxOf(context, bound.text('Identity'));
    const trustee = trusteeOf(context, bound.text('User'));
    const deny = bound.isOn('Deny');
    const wanted = bound.texts('AccessRights').map((right) => spelled(right));
    const added = wanted.filter((right) => !mailbox.permissions.some((each) => each.rights === right && (each.deny ?? false) === deny && isSameTrustee(context, each.servicePrincipal, trustee)));
    if (added.length === 0) context.say(`WARNING: The appropriate access control entry is already present on the object "${mailbox.address}" for account "${trustee.shown}".\n`);
    const permissions = added.map((right) => ({ servicePrincipal: trustee.reference, rights: right, ...(deny ? { deny } : {}) }));
    context.tenant.change((tenant) => editMailbox(tenant, mailbox, (each) => ({ ...each, permissions: [...each.permissions, ...permissions] })));
    return [permissionObject(context, mailbox, trustee.shown, wanted, deny)];
  },
};

export const getMailboxPermission: Cmdlet = {
  name: 'Get-MailboxPermission',
  from: 'Exchange Online',
  help: 'Shows who may open a mailbox.',
  example: 'Get-MailboxPermission -Identity no-reply@contoso.onmicrosoft.com',
  parameters: { Identity: mailboxAndUser.Identity, User: { takes: 'text' } },
  run: (bound, context) => {
    const mailbox = mailboxOf(context, bound.text('Identity'));
    const user = bound.optionalText('User');
    const trustee = user === undefined ? undefined : trusteeOf(context, user);
    const shown = mailbox.permissions.filter(({ servicePrincipal }) => !trustee || isSameTrustee(context, servicePrincipal, trustee));
    const entries = entriesOf(context, shown).map(({ who, granted, deny }) => permissionObject(context, mailbox, who, granted, deny));
    // Whoever owns the mailbox stands first.
    return trustee ? entries : [permissionObject(context, mailbox, 'NT AUTHORITY\\SELF', ['FullAccess', 'ReadPermission'], false), ...entries];
  },
};

export const removeMailboxPermission: Cmdlet = {
  name: 'Remove-MailboxPermission',
  from: 'Exchange Online',
  help: 'Takes a right to a mailbox away again.',
  example: 'Remove-MailboxPermission -Identity no-reply@contoso.onmicrosoft.com -User 0b0b0b0b-0000-4000-8000-000000000002 -AccessRights FullAccess',
  parameters: mailboxAndUser,
  run: (bound, context) => {
    const mailbox = mailboxOf(context, bound.text('Identity'));
    const trustee = trusteeOf(context, bound.text('User'));
    const taken = bound.texts('AccessRights');
    const isTaken = (each: MailboxPermission) =>
      taken.some((right) => sameText(right, each.rights)) && (each.deny ?? false) === bound.isOn('Deny') && isSameTrustee(context, each.servicePrincipal, trustee);
    if (!mailbox.permissions.some(isTaken)) {
      throw exchangeError('not-found', `The access control entry for account "${trustee.shown}" isn't present on the object "${mailbox.address}".`, '"Get-MailboxPermission" shows who has which right.');
    }
    return change(context, (tenant) => editMailbox(tenant, mailbox, (each) => ({ ...each, permissions: each.permissions.filter((permission) => !isTaken(permission)) })));
  },
};

/** One entry for each who has rights, and one for what is denied to them. */
function entriesOf(context: Context, permissions: readonly MailboxPermission[]) {
  const entries: { who: string; deny: boolean; granted: string[] }[] = [];
  for (const { servicePrincipal, rights: right, deny = false } of permissions) {
    const who = shownTrustee(context, servicePrincipal);
    const entry = entries.find((each) => each.who === who && each.deny === deny);
    if (entry) entry.granted.push(right);
    else entries.push({ who, deny, granted: [right] });
  }
  return entries;
}

function permissionObject(context: Context, mailbox: Mailbox, user: string, granted: readonly string[], deny: boolean): PowerShellObject {
  return new PowerShellObject(type, {
    Identity: mailboxGuid(context, mailbox),
    User: user,
    AccessRights: [...granted],
    IsInherited: false,
    Deny: deny,
    InheritanceType: 'All',
    IsValid: true,
    ObjectState: 'Unchanged',
  });
}

function spelled(right: string): string {
  return rights.find((each) => sameText(each, right)) ?? right;
}
