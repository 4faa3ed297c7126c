import type { Cmdlet } from '../cmdlet.ts';

/** What a guide tells to install first. All of it is there already. */
const words = { name: { takes: 'texts', position: 0 } } as const;

export const installModule: Cmdlet = {
  name: 'Install-Module',
  aliases: ['Install-PSResource', 'Update-Module'],
  from: 'PowerShell',
  help: 'Installs nothing: the cmdlets of ExchangeOnlineManagement and Microsoft.Graph are there.',
  example: 'Install-Module -Name ExchangeOnlineManagement',
  parameters: {
    Name: { takes: 'texts', position: 0 },
    RequiredVersion: { takes: 'text' },
    MinimumVersion: { takes: 'text' },
    MaximumVersion: { takes: 'text' },
    AllowPrerelease: { takes: 'switch' },
    Scope: { takes: 'text' },
    Repository: { takes: 'text' },
    Force: { takes: 'switch' },
    AllowClobber: { takes: 'switch' },
    SkipPublisherCheck: { takes: 'switch' },
    AcceptLicense: { takes: 'switch' },
  },
  run: () => [],
};

export const importModule: Cmdlet = {
  name: 'Import-Module',
  aliases: ['ipmo'],
  from: 'PowerShell',
  help: 'Imports nothing: the cmdlets are there. Those of Exchange Online want Connect-ExchangeOnline, those of Microsoft Graph Connect-MgGraph.',
  example: 'Import-module ExchangeOnlineManagement',
  parameters: { Name: { takes: 'texts', position: 0 }, RequiredVersion: { takes: 'text' }, MinimumVersion: { takes: 'text' }, Force: { takes: 'switch' } },
  run: () => [],
};

/** The lines by which the guide installs and starts PowerShell itself. */
export const brew: Cmdlet = {
  name: 'brew',
  aliases: ['sh'],
  from: 'PowerShell',
  help: 'Installs nothing: this is PowerShell already, as far as a tenant needs it.',
  example: 'brew install --cask powershell',
  parameters: { Command: words.name, What: { takes: 'texts', position: 1 }, Which: { takes: 'texts', position: 2 } },
  run: () => [],
};

export const pwsh: Cmdlet = {
  name: 'pwsh',
  from: 'PowerShell',
  help: 'Starts nothing: this is PowerShell already.',
  example: 'pwsh',
  parameters: {},
  run: () => [],
};
