import { FormattedText, PowerShellObject, textOf, type Column, type Value } from '../values/value.ts';
import { formatList } from './format-list.ts';
import { formatTable } from './format-table.ts';

// Objects of a type without a table of its own: PowerShell makes a table of up to four properties, else a list.
const tableColumnsMax = 4;

/** What a pipeline gave, as PowerShell prints it: each run of objects of one type together. */
export function print(values: readonly Value[]): string {
  return runsOf(values).map(printRun).join('');
}

/** The columns of the table by which objects of its type are shown; undefined where they are shown as a list. */
export function columnsOf({ type, properties }: PowerShellObject): readonly Column[] | undefined {
  const names = Object.keys(properties);
  return type.table ?? (names.length <= tableColumnsMax ? names.map((name) => ({ name })) : undefined);
}

function printRun(run: readonly Value[]): string {
  const [first] = run;
  if (!(first instanceof PowerShellObject)) return run.map((value) => (value instanceof FormattedText ? value.text : `${textOf(value)}\n`)).join('');
  const columns = columnsOf(first);
  return columns ? formatTable(run.filter((each) => each instanceof PowerShellObject), columns) : formatList(run);
}

function runsOf(values: readonly Value[]): Value[][] {
  const runs: Value[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run && typeNameOf(run[0] ?? null) === typeNameOf(value)) run.push(value);
    else runs.push([value]);
  }
  return runs;
}

function typeNameOf(value: Value): string {
  return value instanceof PowerShellObject ? `${value.type.name} ${Object.keys(value.properties).join()}` : '';
}
