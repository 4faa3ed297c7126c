import { formatList, matching } from '../../output/format-list.ts';
import { formatTable } from '../../output/format-table.ts';
import { columnsOf, print } from '../../output/print.ts';
import { FormattedText, PowerShellObject, type Column, type Value } from '../../values/value.ts';
import type { Bound } from '../../bound.ts';
import type { Cmdlet } from '../cmdlet.ts';

export const formatListCmdlet: Cmdlet = {
  name: 'Format-List',
  aliases: ['fl'],
  from: 'PowerShell',
  help: 'Shows every property of objects, or those named, one on each line.',
  example: 'Get-ServicePrincipal | fl',
  parameters: { Property: { takes: 'texts', position: 0 }, Force: { takes: 'switch' } },
  run: (bound, { input }) => (input.length === 0 ? [] : [new FormattedText(formatList(input, bound.has('Property') ? bound.texts('Property') : undefined), input)]),
};

export const formatTableCmdlet: Cmdlet = {
  name: 'Format-Table',
  aliases: ['ft'],
  from: 'PowerShell',
  help: 'Shows objects as a table.',
  example: 'Get-ServicePrincipal | ft DisplayName, ObjectId',
  parameters: { Property: { takes: 'texts', position: 0 }, AutoSize: { takes: 'switch' }, Wrap: { takes: 'switch' }, HideTableHeaders: { takes: 'switch' } },
  run: (bound, { input }) => {
    const objects = input.filter((each) => each instanceof PowerShellObject);
    const [first] = objects;
    return first ? [new FormattedText(formatTable(objects, columnsFor(first, bound)), input)] : input;
  },
};

function columnsFor(object: PowerShellObject, bound: Bound): readonly Column[] {
  const named = bound.has('Property') ? bound.texts('Property').flatMap((name) => matching(object, name)).map((name) => ({ name })) : undefined;
  const columns = named ?? columnsOf(object) ?? Object.keys(object.properties).map((name) => ({ name }));
  // Whoever asks for whole values gets them.
  return bound.isOn('AutoSize') || bound.isOn('Wrap') ? columns.map(({ name }) => ({ name })) : columns;
}

export const outString: Cmdlet = {
  name: 'Out-String',
  aliases: ['Out-Host', 'Out-Default'],
  from: 'PowerShell',
  help: 'Shows objects as text.',
  example: 'Get-ServicePrincipal | Out-String',
  parameters: { Width: { takes: 'number' } },
  run: (_, { input }) => [new FormattedText(print(input), input as readonly Value[])],
};

export const outNull: Cmdlet = { name: 'Out-Null', from: 'PowerShell', help: 'Shows nothing.', example: 'New-MgServicePrincipal -AppId $app.AppId | Out-Null', parameters: {}, run: () => [] };
