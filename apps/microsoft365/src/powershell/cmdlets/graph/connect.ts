import { PowerShellObject } from '../../values/value.ts';
import type { Cmdlet } from '../cmdlet.ts';
import { refuseOtherTenant } from '../exchange/connect.ts';

export const connectMgGraph: Cmdlet = {
  name: 'Connect-MgGraph',
  aliases: ['Connect-Graph'],
  from: 'PowerShell',
  help: 'Opens Microsoft Graph PowerShell for the tenant. Nobody is asked who they are, and -Scopes refuses nothing.',
  example: 'Connect-MgGraph -Scopes "Application.ReadWrite.All","AppRoleAssignment.ReadWrite.All","User.ReadWrite.All"',
  parameters: {
    Scopes: { takes: 'texts', position: 0 },
    TenantId: { takes: 'text', aliases: ['Audience', 'Tenant'] },
    NoWelcome: { takes: 'switch' },
    UseDeviceCode: { takes: 'switch', aliases: ['UseDeviceAuthentication', 'DeviceCode', 'DeviceAuth', 'Device'] },
    ContextScope: { takes: 'text' },
  },
  run: (bound, context) => {
    const tenant = bound.optionalText('TenantId');
    if (tenant !== undefined) refuseOtherTenant('Connect-MgGraph', tenant, context);
    context.session.connected.add('Microsoft Graph');
    if (!bound.isOn('NoWelcome')) context.say('Welcome to Microsoft Graph!\n');
    return [];
  },
};

export const disconnectMgGraph: Cmdlet = {
  name: 'Disconnect-MgGraph',
  aliases: ['Disconnect-Graph'],
  from: 'PowerShell',
  help: 'Closes Microsoft Graph PowerShell.',
  example: 'Disconnect-MgGraph',
  parameters: {},
  run: (_, { session }) => {
    session.connected.delete('Microsoft Graph');
    return [];
  },
};

const type = { name: 'Microsoft.Graph.PowerShell.Authentication.AuthContext' };

export const getMgContext: Cmdlet = {
  name: 'Get-MgContext',
  from: 'PowerShell',
  help: 'Shows which tenant Microsoft Graph PowerShell is open for.',
  example: 'Get-MgContext',
  parameters: {},
  run: (_, { session, tenant }) =>
    session.connected.has('Microsoft Graph') ? [new PowerShellObject(type, { TenantId: tenant.current.tenantId, AuthType: 'Delegated', ContextScope: 'Process', Environment: 'Global' })] : [],
};
