import type { Mailbox } from '@isesim/domain';
import { PowerShellObject } from '../../values/value.ts';
import type { Cmdlet, Context } from '../cmdlet.ts';
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
    ...directoryProperties(context, alias, alias, mailbox.createdAt),
  });
}
