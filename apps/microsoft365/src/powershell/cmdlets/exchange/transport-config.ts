import { cmdletError } from '../../errors.ts';
import { PowerShellObject } from '../../values/value.ts';
import { change, type Cmdlet } from '../cmdlet.ts';

const type = { name: 'Microsoft.Exchange.Data.Directory.SystemConfiguration.TransportConfigContainer' };

export const setTransportConfig: Cmdlet = {
  name: 'Set-TransportConfig',
  from: 'Exchange Online',
  help: 'Whether the mailboxes of the tenant may submit mail by SMTP AUTH, for all that say nothing themselves (Set-CASMailbox).',
  example: 'Set-TransportConfig -SmtpClientAuthenticationDisabled $false',
  parameters: { SmtpClientAuthenticationDisabled: { takes: 'flag' } },
  run: (bound, context) => {
    const disabled = bound.value('SmtpClientAuthenticationDisabled');
    if (typeof disabled !== 'boolean') throw cmdletError('Set-TransportConfig', 'Nothing was changed.', 'Give -SmtpClientAuthenticationDisabled $true or $false: it is all that is played.');
    return change(context, (tenant) => ({ ...tenant, smtpClientAuthenticationDisabled: disabled }));
  },
};

export const getTransportConfig: Cmdlet = {
  name: 'Get-TransportConfig',
  from: 'Exchange Online',
  help: 'Shows whether SMTP AUTH is off for the tenant.',
  example: 'Get-TransportConfig | fl SmtpClientAuthenticationDisabled',
  parameters: {},
  run: (_, { tenant }) => [
    new PowerShellObject(type, {
      Name: 'Transport Settings',
      Identity: 'Transport Settings',
      SmtpClientAuthenticationDisabled: tenant.current.smtpClientAuthenticationDisabled ?? true,
      AllowLegacyTLSClients: null,
      IsValid: true,
      ExchangeVersion: '0.1 (8.0.535.0)',
    }),
  ],
};
