import type { Mailbox } from '@isesim/domain';
import { messageSizeMax } from '../../../exchange/message-size.ts';
import { sizeOffered } from '../../../exchange/replies.ts';
import { editMailbox } from '../../../tenant/edit.ts';
import { formatByteSize, parseByteSize } from '../../byte-size.ts';
import { cmdletError } from '../../errors.ts';
import { PowerShellObject } from '../../values/value.ts';
import { change, type Cmdlet, type Context } from '../cmdlet.ts';
import { openable } from './cas-mailboxes.ts';
import { aliasOf, directoryProperties, mailboxGuid, mailboxOf } from './directory.ts';

const type = { name: 'Microsoft.Exchange.Data.Directory.Management.Mailbox', table: ['Name', 'Alias', 'PrimarySmtpAddress', 'RecipientTypeDetails'].map((name) => ({ name })) };

export const getMailbox: Cmdlet = {
  name: 'Get-Mailbox',
  from: 'Exchange Online',
  help: 'Shows the mailboxes. A user without a licence has none.',
  example: 'Get-Mailbox',
  parameters: { Identity: { takes: 'text', position: 0, fromPipeline: 'Identity' }, ResultSize: { takes: 'text' } },
  run: (bound, context) => {
    const identity = bound.optionalText('Identity');
    return (identity === undefined ? openable(context) : [mailboxOf(context, identity)]).map((each) => mailboxObject(context, each));
  },
};

export const setMailbox: Cmdlet = {
  name: 'Set-Mailbox',
  from: 'Exchange Online',
  help: 'How large a message of a mailbox may be. Exchange Online still offers 150 MB in its reply to EHLO, and refuses at MAIL FROM.',
  example: 'Set-Mailbox -Identity no-reply@contoso.onmicrosoft.com -MaxSendSize 35MB',
  parameters: { Identity: { takes: 'text', mandatory: true, position: 0, fromPipeline: 'Identity' }, MaxSendSize: { takes: 'text' } },
  run: (bound, context) => {
    const mailbox = mailboxOf(context, bound.text('Identity'));
    const text = bound.optionalText('MaxSendSize');
    if (text === undefined) throw cmdletError('Set-Mailbox', 'Nothing was changed.', 'Give -MaxSendSize: it is all that is played.');
    const maxSendSizeBytes = parseByteSize(text, sizeOffered);
    if (maxSendSizeBytes === undefined) {
      throw cmdletError('Set-Mailbox', `Cannot process argument transformation on parameter 'MaxSendSize'. Cannot convert value "${text}".`, 'Write a size up to 150MB, as 35MB or 512KB.');
    }
    return change(context, (tenant) => editMailbox(tenant, mailbox, (each) => ({ ...each, maxSendSizeBytes })));
  },
};

function mailboxObject(context: Context, mailbox: Mailbox): PowerShellObject {
  const alias = aliasOf(mailbox.address);
  return new PowerShellObject(type, {
    Alias: alias,
    DisplayName: alias,
    PrimarySmtpAddress: mailbox.address,
    UserPrincipalName: mailbox.address,
    EmailAddresses: [`SMTP:${mailbox.address}`],
    RecipientTypeDetails: 'UserMailbox',
    ExchangeGuid: mailboxGuid(context, mailbox),
    MaxSendSize: formatByteSize(messageSizeMax(mailbox, context.tenant.current.limits)),
    ...directoryProperties(context, alias, alias, mailbox.createdAt),
  });
}
