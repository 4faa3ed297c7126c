import { rowOf } from '@isesim/domain';
import type { SeenRow } from './judge-story.ts';
import type { Output } from './output.ts';

const gap = '  ';
const beforeText = ' '.repeat('✓'.length) + gap;
// Longer names are cut, so that the subject keeps its room.
const senderWidthMax = 30;

/** The node table as lines: two for each row, the mail under its sender, and a third that says what is wrong. */
export function nodeTableText(rows: readonly SeenRow[], { width, paint }: Pick<Output, 'width' | 'paint'>): string[] {
  const layout = layoutOf([headings, ...rows.map(cellsOf)], width - beforeText.length);
  const ruler = paint('dim', '─'.repeat(beforeText.length + layout.longest));
  return [
    `${beforeText}${paint('dim', upperLine(headings, layout))}`,
    `${beforeText}${paint('dim', lowerLine(headings, layout))}`,
    ruler,
    ...rows.flatMap((row) => [
      `${row.passed ? paint('green', '✓') : paint('red', '✗')}${gap}${upperLine(cellsOf(row), layout)}`,
      `${beforeText}${paint('dim', lowerLine(cellsOf(row), layout))}`,
      ...(row.problem === null ? [] : [`${beforeText}${' '.repeat(layout.purpose)}${gap}${paint('red', row.problem)}`]),
    ]),
    ruler,
    ...notesOn(rows).map((note) => paint('dim', note)),
  ];
}

type Cells = Readonly<Record<'purpose' | 'expected' | 'sentBy' | 'address' | 'ehlo' | 'to' | 'subject', string>>;

const headings: Cells = {
  purpose: 'Purpose',
  expected: 'Expected sender',
  sentBy: 'Sent by',
  address: 'From address',
  ehlo: 'EHLO',
  to: 'Recipient',
  subject: 'Subject',
};

function cellsOf({ purpose, to, expected, actual }: SeenRow): Cells {
  return {
    purpose,
    expected: `${expected.node ?? 'nobody'} (${expected.sender})`,
    sentBy: actual ? (actual.sentBy ?? 'unknown') : '–',
    address: actual?.remoteAddress ?? '–',
    ehlo: actual?.ehlo ?? '–',
    to,
    subject: actual?.subject ?? '–',
  };
}

/** The widths of the columns and of a whole line. */
interface Layout {
  readonly purpose: number;
  readonly sender: number;
  readonly sentBy: number;
  readonly address: number;
  readonly longest: number;
}

function layoutOf(rows: readonly Cells[], lineMax: number): Layout {
  const widest = (...fields: (keyof Cells)[]) => Math.max(...rows.flatMap((cells) => fields.map((field) => cells[field].length)));
  const sender = Math.min(senderWidthMax, widest('expected', 'to'));
  const layout = { purpose: widest('purpose'), sender, sentBy: widest('sentBy'), address: widest('address'), longest: lineMax };
  return { ...layout, longest: Math.max(...rows.flatMap((cells) => [upperLine(cells, layout).length, lowerLine(cells, layout).length])) };
}

function upperLine({ purpose, expected, sentBy, address, ehlo }: Cells, layout: Layout): string {
  const columns = [purpose.padEnd(layout.purpose), fitted(expected, layout.sender), sentBy.padEnd(layout.sentBy), address.padEnd(layout.address), ehlo];
  return cut(columns.join(gap).trimEnd(), layout.longest);
}

function lowerLine({ to, subject }: Cells, layout: Layout): string {
  return cut([' '.repeat(layout.purpose), fitted(to, layout.sender), subject].join(gap).trimEnd(), layout.longest);
}

function notesOn(rows: readonly SeenRow[]): string[] {
  const inferred = new Set(rows.map(({ purpose }) => purpose).filter((purpose) => rowOf(purpose).basis === 'inferred'));
  const byEhlo = rows.some(({ actual }) => actual?.evidence === 'ehlo');
  return [
    '"Sent by" is what the simulated Exchange Online saw of the connection, not what a mail claims.',
    ...(byEhlo ? ['This system has one loopback address for all nodes: the name in EHLO is the evidence.'] : []),
    ...[...inferred].map((purpose) => `Cisco documents the senders of the node table, save that of ${purpose}, which is inferred.`),
  ];
}

function fitted(text: string, width: number): string {
  return cut(text, width).padEnd(width);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
