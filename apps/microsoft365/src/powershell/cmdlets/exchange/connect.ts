import { fillIn } from '../../../fill-in.ts';
import { refusals } from '../../../entra/refusals.ts';
import { isNameOf } from '../../../tenant/find.ts';
import { cmdletError } from '../../errors.ts';
import type { Cmdlet, Context } from '../cmdlet.ts';

export const connectExchangeOnline: Cmdlet = {
  name: 'Connect-ExchangeOnline',
  from: 'PowerShell',
  help: 'Opens Exchange Online PowerShell for a tenant, by its id or domain. Nobody is asked who they are.',
  example: 'Connect-ExchangeOnline -Organization contoso.onmicrosoft.com',
  parameters: {
    Organization: { takes: 'text' },
    UserPrincipalName: { takes: 'text' },
    DelegatedOrganization: { takes: 'text' },
    ShowBanner: { takes: 'switch' },
    ShowProgress: { takes: 'flag' },
    Device: { takes: 'switch' },
    LoadCmdletHelp: { takes: 'switch' },
    SkipLoadingFormatData: { takes: 'switch' },
  },
  run: (bound, context) => {
    const tenant = bound.optionalText('Organization') ?? bound.optionalText('UserPrincipalName')?.split('@')[1];
    if (tenant !== undefined) refuseOtherTenant('Connect-ExchangeOnline', tenant, context);
    context.session.connected.add('Exchange Online');
    if (!bound.has('ShowBanner') || bound.isOn('ShowBanner')) context.say(`${banner(context)}\n`);
    return [];
  },
};

export const disconnectExchangeOnline: Cmdlet = {
  name: 'Disconnect-ExchangeOnline',
  from: 'PowerShell',
  help: 'Closes Exchange Online PowerShell.',
  example: 'Disconnect-ExchangeOnline -Confirm:$false',
  parameters: {},
  run: (_, { session }) => {
    session.connected.delete('Exchange Online');
    return [];
  },
};

/** Signing in to a tenant that is not there fails in Entra ID. */
export function refuseOtherTenant(cmdlet: string, tenant: string, context: Context): void {
  if (isNameOf(context.tenant.current, tenant)) return;
  const { code, text } = refusals['tenant unknown'];
  const { tenantId, domain } = context.tenant.current;
  throw cmdletError(cmdlet, `AADSTS${code}: ${fillIn(text, { tenant })}`, `The tenant is ${domain}, ${tenantId}.`, 'tenant-unknown');
}

function banner({ tenant }: Context): string {
  return `Connected to Exchange Online of ${tenant.current.domain}, as isesim plays it. "Get-Help" shows the cmdlets.`;
}
