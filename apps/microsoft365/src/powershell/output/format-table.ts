import { PowerShellObject, type Column, type Value } from '../values/value.ts';
import { shown } from './shown.ts';

/** Columns with a line under their heads, as Format-Table gives them. Numbers stand right, all else left. */
export function formatTable(objects: readonly PowerShellObject[], columns: readonly Column[]): string {
  const cells = columns.map((column) => objects.map((object) => object.get(column.name)));
  const widths = columns.map(({ name, width }, index) => width ?? widest(name, cells[index] ?? []));
  const right = cells.map((values) => values.length > 0 && values.every((value) => typeof value === 'number'));
  const line = (texts: readonly string[]) => texts.map((text, index) => fit(text, widths[index] ?? 0, right[index] ?? false)).join(' ').trimEnd();
  return [
    '',
    line(columns.map(({ name }) => name)),
    line(columns.map(({ name }) => '-'.repeat(name.length))),
    ...objects.map((_, row) => line(cells.map((values) => shown(values[row] ?? null)))),
    '',
    '',
  ].join('\n');
}

function widest(name: string, values: readonly Value[]): number {
  return Math.max(name.length, ...values.map((value) => shown(value).length));
}

function fit(text: string, width: number, right: boolean): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return right ? cut.padStart(width) : cut.padEnd(width);
}
