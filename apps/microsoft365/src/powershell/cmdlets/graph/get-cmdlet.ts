import type { PowerShellObject } from '../../values/value.ts';
import type { Cmdlet, Context } from '../cmdlet.ts';
import { filtered } from './filter.ts';

interface Shown<T> {
  /** As in Get-MgUser and -UserId. */
  readonly noun: string;
  readonly help: string;
  readonly example: string;
  readonly all: (context: Context) => readonly T[];
  /** Throws in the name of `cmdlet` when there is none. */
  readonly one: (cmdlet: string, context: Context, id: string) => T;
  readonly object: (context: Context, each: T) => PowerShellObject;
}

/** A cmdlet of Microsoft Graph that shows the one object whose id it is given, or all that -Filter lets through. */
export function getCmdlet<T>({ noun, help, example, all, one, object }: Shown<T>): Cmdlet {
  const name = `Get-Mg${noun}`;
  return {
    name,
    from: 'Microsoft Graph',
    help,
    example,
    parameters: {
      [`${noun}Id`]: { takes: 'text', fromPipeline: 'Id' },
      Filter: { takes: 'text' },
      All: { takes: 'switch' },
      Top: { takes: 'number' },
      Property: { takes: 'texts', aliases: ['Select'] },
      ConsistencyLevel: { takes: 'text' },
    },
    run: (bound, context) => {
      const id = bound.optionalText(`${noun}Id`);
      const found = id === undefined ? all(context) : [one(`${name}_Get`, context, id)];
      return filtered(`${name}_List`, found.map((each) => object(context, each)), bound.optionalText('Filter'));
    },
  };
}
