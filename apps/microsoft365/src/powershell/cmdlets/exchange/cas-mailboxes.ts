import type { Mailbox } from '@isesim/domain';
import { findMailbox } from '../../../tenant/find.ts';
import { editMailbox } from '../../../tenant/edit.ts';
import { cmdletError } from '../../errors.ts';
import { PowerShellObject } from '../../values/value.ts';
import { change, type Cmdlet, type Context } from '../cmdlet.ts';
import { aliasOf, directoryProperties, mailboxOf } from './directory.ts';

const type = {
  name: 'Microsoft.Exchange.Data.Directory.Management.CASMailbox',
  table: ['Name', 'ActiveSyncEnabled', 'OWAEnabled', 'PopEnabled', 'ImapEnabled', 'MapiEnabled', 'SmtpClientAuthenticationDisabled'].map((name) => ({ name })),
};

export const setCasMailbox: Cmdlet = {
  name: 'Set-CASMailbox',
  from: 'Exchange Online',
  help: 'The tick "Authenticated SMTP" of a mailbox, inverted: $false lets it submit, $true does not, $null goes by Set-TransportConfig.',
  example: 'Set-CASMailbox -Identity no-reply@contoso.onmicrosoft.com -SmtpClientAuthenticationDisabled $false',
  parameters: { Identity: { takes: 'text', mandatory: true, position: 0, fromPipeline: 'Identity' }, SmtpClientAuthenticationDisabled: { takes: 'flag' } },
  run: (bound, context) => {
    const mailbox = mailboxOf(context, bound.text('Identity'));
    if (!bound.has('SmtpClientAuthenticationDisabled')) throw cmdletError('Set-CASMailbox', 'Nothing was changed.', 'Give -SmtpClientAuthenticationDisabled: it is all that is played.');
    const disabled = bound.value('SmtpClientAuthenticationDisabled');
    const authenticatedSmtp = typeof disabled === 'boolean' ? !disabled : null;
    return change(context, (tenant) => editMailbox(tenant, mailbox, (each) => ({ ...each, authenticatedSmtp })));
  },
};

export const getCasMailbox: Cmdlet = {
  name: 'Get-CASMailbox',
  from: 'Exchange Online',
  help: 'Shows by which protocols a mailbox can be reached.',
  example: 'Get-CASMailbox -Identity no-reply@contoso.onmicrosoft.com | fl SmtpClientAuthenticationDisabled',
  parameters: { Identity: { takes: 'text', position: 0, fromPipeline: 'Identity' }, ResultSize: { takes: 'text' } },
  run: (bound, context) => {
    const identity = bound.optionalText('Identity');
    return (identity === undefined ? openable(context) : [mailboxOf(context, identity)]).map((each) => casMailboxObject(context, each));
  },
};

/** The mailboxes whose users have a licence. */
export function openable({ tenant }: Context): Mailbox[] {
  return tenant.current.mailboxes.filter(({ address }) => findMailbox(tenant.current, address));
}

function casMailboxObject(context: Context, { address, authenticatedSmtp, createdAt }: Mailbox): PowerShellObject {
  const alias = aliasOf(address);
  return new PowerShellObject(type, {
    EmailAddresses: [`SMTP:${address}`],
    PrimarySmtpAddress: address,
    DisplayName: alias,
    ActiveSyncEnabled: true,
    OWAEnabled: true,
    PopEnabled: true,
    ImapEnabled: true,
    MapiEnabled: true,
    SmtpClientAuthenticationDisabled: authenticatedSmtp === null ? null : !authenticatedSmtp,
    ...directoryProperties(context, alias, alias, createdAt),
  });
}
