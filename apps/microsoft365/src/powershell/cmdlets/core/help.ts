import { elsewhere } from '../../elsewhere.ts';
import { cmdletError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { PowerShellObject, type Value } from '../../values/value.ts';
import type { Cmdlet, Context, Parameter } from '../cmdlet.ts';

const commandType = { name: 'Command', table: [{ name: 'Name' }, { name: 'Source' }, { name: 'Help' }] };

export const getCommand: Cmdlet = {
  name: 'Get-Command',
  aliases: ['gcm'],
  from: 'PowerShell',
  help: 'Lists the cmdlets that there are.',
  example: 'Get-Command',
  parameters: { Name: { takes: 'text', position: 0 } },
  run: (bound, { cmdlets }) => {
    const begin = bound.text('Name').replace(/\*.*$/, '').toLowerCase();
    return listed(cmdlets.filter(({ name }) => name.toLowerCase().startsWith(begin)));
  },
};

export const getHelp: Cmdlet = {
  name: 'Get-Help',
  aliases: ['help', 'man'],
  from: 'PowerShell',
  help: 'Tells what a cmdlet does, with its parameters and an example; without one, which there are.',
  example: 'Get-Help New-ServicePrincipal',
  parameters: { Name: { takes: 'text', position: 0 }, Full: { takes: 'switch' }, Examples: { takes: 'switch' }, Detailed: { takes: 'switch' } },
  run: (bound, context) => {
    const name = bound.optionalText('Name');
    return name === undefined ? listed(context.cmdlets) : [helpOf(named(name, context))];
  },
};

function listed(cmdlets: readonly Cmdlet[]): readonly Value[] {
  return cmdlets.map(({ name, from, help }) => new PowerShellObject(commandType, { Name: name, Source: from, Help: help }));
}

function named(name: string, { cmdlets }: Context): Cmdlet {
  const same = (one: string) => one.toLowerCase() === name.toLowerCase();
  const found = cmdlets.find((each) => same(each.name) || each.aliases?.some(same));
  if (found) return found;
  const meant = nearest(name, cmdlets.map((each) => each.name))[0];
  throw cmdletError('Get-Help', `Get-Help could not find ${name} in this session.`, elsewhere(name) ?? (meant === undefined ? '"Get-Command" lists what there is.' : `Did you mean ${meant}?`));
}

function helpOf({ name, from, help, example, parameters, aliases = [] }: Cmdlet): string {
  const written = Object.entries(parameters).map(([parameter, definition]) => ` ${syntaxOf(parameter, definition)}`);
  return [
    `NAME\n    ${name}${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}, ${from}`,
    `SYNOPSIS\n    ${help}`,
    `SYNTAX\n    ${name}${written.join('')}`,
    `EXAMPLE\n    ${example}\n`,
  ].join('\n\n');
}

function syntaxOf(name: string, { takes, mandatory, oneOf }: Parameter): string {
  const value = { text: '<String>', texts: '<String[]>', flag: '<Boolean>', switch: '', date: '<DateTime>', number: '<Int32>', value: '<Object>' }[takes];
  const kind = oneOf ? `<${oneOf.join(' | ')}>` : value;
  const written = `-${name}${kind === '' ? '' : ` ${kind}`}`;
  return mandatory ? written : `[${written}]`;
}
