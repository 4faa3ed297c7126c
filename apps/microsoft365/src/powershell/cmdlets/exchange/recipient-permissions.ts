import type { Mailbox } from '@isesim/domain';
import { editMailbox } from '../../../tenant/edit.ts';
import type { Bound } from '../../bound.ts';
import { exchangeError } from '../../errors.ts';
import { PowerShellObject } from '../../values/value.ts';
import { change, type Cmdlet, type Context } from '../cmdlet.ts';
import { mailboxOf } from './directory.ts';
import { isSameTrustee, shownTrustee, trusteeOf } from './trustee.ts';

const type = {
  name: 'Microsoft.Exchange.Management.RecipientTasks.RecipientPermission',
  table: [{ name: 'Identity', width: 20 }, { name: 'Trustee', width: 20 }, { name: 'AccessControlType', width: 17 }, { name: 'AccessRights', width: 17 }, { name: 'Inherited', width: 9 }],
};

const recipient = { takes: 'text', mandatory: true, position: 0, fromPipeline: 'Identity' } as const;
const parameters = {
  Identity: recipient,
  Trustee: { takes: 'text', mandatory: true },
  AccessRights: { takes: 'texts', mandatory: true, oneOf: ['SendAs'] },
} as const;

export const addRecipientPermission: Cmdlet = {
  name: 'Add-RecipientPermission',
  from: 'Exchange Online',
  help: 'Lets another mailbox or an application send as a mailbox: for a From that is not the mailbox that authenticates.',
  example: 'Add-RecipientPermission -Identity sponsor@contoso.onmicrosoft.com -Trustee no-reply@contoso.onmicrosoft.com -AccessRights SendAs',
  parameters,
  run: (bound, context) => {
    const { mailbox, trustee, has } = mailboxAndTrustee(bound, context);
    if (has) context.say(`WARNING: The appropriate access control entry is already present on the object "${mailbox.address}" for account "${trustee.shown}".\n`);
    else context.tenant.change((tenant) => editMailbox(tenant, mailbox, (each) => ({ ...each, sendAs: [...(each.sendAs ?? []), trustee.reference] })));
    return [permissionObject(mailbox, trustee.shown)];
  },
};

export const getRecipientPermission: Cmdlet = {
  name: 'Get-RecipientPermission',
  from: 'Exchange Online',
  help: 'Shows who may send as a mailbox.',
  example: 'Get-RecipientPermission -Identity sponsor@contoso.onmicrosoft.com',
  parameters: { Identity: { takes: 'text', position: 0, fromPipeline: 'Identity' }, Trustee: { takes: 'text' } },
  run: (bound, context) => {
    const identity = bound.optionalText('Identity');
    const mailboxes = identity === undefined ? context.tenant.current.mailboxes : [mailboxOf(context, identity)];
    const wanted = bound.optionalText('Trustee');
    return mailboxes.flatMap((mailbox) => trusteesOf(context, mailbox, wanted).map((trustee) => permissionObject(mailbox, trustee)));
  },
};

export const removeRecipientPermission: Cmdlet = {
  name: 'Remove-RecipientPermission',
  from: 'Exchange Online',
  help: 'Takes the right to send as a mailbox away again.',
  example: 'Remove-RecipientPermission -Identity sponsor@contoso.onmicrosoft.com -Trustee no-reply@contoso.onmicrosoft.com -AccessRights SendAs',
  parameters,
  run: (bound, context) => {
    const { mailbox, trustee, has, others } = mailboxAndTrustee(bound, context);
    if (!has) {
      throw exchangeError('not-found', `The access control entry for account "${trustee.shown}" isn't present on the object "${mailbox.address}".`, '"Get-RecipientPermission" shows who may send as whom.');
    }
    return change(context, (tenant) => editMailbox(tenant, mailbox, (each) => ({ ...each, sendAs: others })));
  },
};

/** The two that are named, whether the trustee has the right, and who else has it. */
function mailboxAndTrustee(bound: Bound, context: Context) {
  const mailbox = mailboxOf(context, bound.text('Identity'));
  const trustee = trusteeOf(context, bound.text('Trustee'));
  const { sendAs = [] } = mailbox;
  const others = sendAs.filter((reference) => !isSameTrustee(context, reference, trustee));
  return { mailbox, trustee, has: others.length < sendAs.length, others };
}

function trusteesOf(context: Context, { sendAs = [] }: Mailbox, wanted: string | undefined): string[] {
  const trustee = wanted === undefined ? undefined : trusteeOf(context, wanted);
  return sendAs.filter((reference) => !trustee || isSameTrustee(context, reference, trustee)).map((reference) => shownTrustee(context, reference));
}

function permissionObject({ address }: Mailbox, trustee: string): PowerShellObject {
  return new PowerShellObject(type, { Identity: address, Trustee: trustee, AccessControlType: 'Allow', AccessRights: ['SendAs'], Inherited: false });
}
