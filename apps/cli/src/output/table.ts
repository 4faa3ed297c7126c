import { printable, terminalWidth } from './terminal.ts';
import { wrapped } from './wrapped.ts';

const gap = '  ';
// What the last column holds is text that can go on below; in less room it is not read easily.
const textWidthLeast = 30;

type Style = (cell: string, column: number) => string;

/**
 * Rows under their heading, columns aligned to the left; `style` may colour a cell that has its final width. On a terminal that is
 * narrower, columns that have no room stand on a line below, and the last one is broken between its words; nothing is left out.
 */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[], style: Style = (cell) => cell, width = terminalWidth(process.stdout) ?? Infinity): string {
  const lines = rows.map((row) => row.map((cell) => printable(cell).replace(/\s+/g, ' ')));
  const widths = heading.map((title, column) => Math.max(...[title, ...lines.map((row) => row[column] ?? '')].map((cell) => cell.length)));
  const bands = bandsOf(widths, width);
  const row = (cells: readonly string[], styleOf: Style) => bands.flatMap((band) => bandLines(band, cells, styleOf));
  return [...row(heading, (cell) => cell), ...lines.flatMap((cells) => row(cells, style))].join('\n');
}

/** Columns that stand on one line, and how wide they are. */
interface Band {
  readonly indent: string;
  readonly columns: { readonly column: number; readonly width: number }[];
}

function bandsOf(widths: readonly number[], width: number): Band[] {
  const bands: Band[] = [{ indent: '', columns: [] }];
  widths.forEach((natural, column) => {
    const last = column === widths.length - 1;
    const before = bands.at(-1) as Band;
    const fits = before.columns.length === 0 || roomIn(before, width) >= (last ? Math.min(natural, textWidthLeast) : natural);
    const band = fits ? before : { indent: gap, columns: [] };
    if (!fits) bands.push(band);
    band.columns.push({ column, width: last ? Math.min(natural, roomIn(band, width)) : natural });
  });
  return bands;
}

function roomIn({ indent, columns }: Band, width: number): number {
  return columns.reduce((room, column) => room - column.width - gap.length, width - indent.length);
}

/** One line, or several when a cell has more text than room. */
function bandLines({ indent, columns }: Band, cells: readonly string[], style: Style): string[] {
  const parts = columns.map(({ column, width }) => wrapped(cells[column] ?? '', width));
  const count = Math.max(...parts.map(({ length }) => length));
  return Array.from({ length: count }, (_, line) =>
    `${indent}${columns.map(({ column, width }, index) => padded(parts[index]?.[line] ?? '', width, (text) => style(text, column))).join(gap)}`.trimEnd(),
  );
}

/** Colours have no width. */
function padded(text: string, width: number, style: (text: string) => string): string {
  return style(text) + ' '.repeat(Math.max(0, width - text.length));
}
