import { printable } from './terminal.ts';

const gap = '  ';

/** Rows under their heading, columns aligned to the left; `style` may colour a cell that has its final width. */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[], style: (cell: string, column: number) => string = (cell) => cell): string {
  const lines = rows.map((row) => row.map((cell) => printable(cell).replace(/\s+/g, ' ')));
  const widths = heading.map((title, column) => Math.max(...[title, ...lines.map((row) => row[column] ?? '')].map((cell) => cell.length)));
  const line = (cells: readonly string[], styled: boolean) =>
    cells.map((cell, column) => (styled ? style(cell, column) : cell) + ' '.repeat((widths[column] ?? 0) - cell.length)).join(gap).trimEnd();
  return [line(heading, false), ...lines.map((row) => line(row, true))].join('\n');
}
