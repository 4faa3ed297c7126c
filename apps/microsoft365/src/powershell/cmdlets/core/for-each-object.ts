import { memberOf } from '../../members.ts';
import { asList } from '../../values/value.ts';
import type { Cmdlet } from '../cmdlet.ts';

export const forEachObject: Cmdlet = {
  name: 'ForEach-Object',
  aliases: ['foreach', '%'],
  from: 'PowerShell',
  help: 'Does something for each object, or gives one property of each.',
  example: 'Get-ServicePrincipal | ForEach-Object { $_.AppId }',
  parameters: {
    Process: { takes: 'value', position: 0, aliases: ['MemberName'] },
    Begin: { takes: 'value' },
    End: { takes: 'value' },
  },
  run: (bound, { input }) => {
    const once = (name: string) => bound.block(name)?.gives(null) ?? [];
    const process = bound.block('Process');
    const each = input.flatMap((object) => process?.gives(object) ?? asList(memberOf(object, bound.text('Process'))));
    return [...once('Begin'), ...each, ...once('End')];
  },
};
