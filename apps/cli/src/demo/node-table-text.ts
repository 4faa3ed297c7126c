import { rowOf } from '@isesim/domain';
import type { SeenRow } from './judge-story.ts';
import type { Output } from './output.ts';

const gap = '  ';
const mark = { width: 1, passed: '✓', failed: '✗' };
// Longer recipients are cut, so that the subject keeps its room.
const senderWidthMax = 30;

/** The node table as lines: two for each row, the mail under its sender, and a third that says what is wrong. */
export function nodeTableText(rows: readonly SeenRow[], { width, paint }: Pick<Output, 'width' | 'paint'>): string[] {
  const cells = [headings, ...rows.map(cellsOf)];
  const widest = (...fields: (keyof Cells)[]) => Math.max(...cells.flatMap((each) => fields.map((field) => each[field].length)));
  const purposeWidth = widest('purpose');
  const senderWidth = Math.min(senderWidthMax, widest('expected', 'to'));
  const indent = ' '.repeat(mark.width + gap.length + purposeWidth + gap.length);
  const textWidth = width - indent.length;

  const upper = ({ expected, sentBy, address, ehlo }: Cells) => {
    const columns = [fitted(expected, senderWidth), sentBy.padEnd(widest('sentBy')), address.padEnd(widest('address')), ehlo];
    return cut(columns.join(gap).trimEnd(), textWidth);
  };
  const lower = ({ to, subject }: Cells) => cut([fitted(to, senderWidth), subject].join(gap).trimEnd(), textWidth);
  const ruler = '─'.repeat(Math.min(width, indent.length + Math.max(...cells.flatMap((each) => [upper(each).length, lower(each).length]))));

  const rowText = (row: SeenRow) => {
    const each = cellsOf(row);
    const sign = row.passed ? paint.green(mark.passed) : paint.red(mark.failed);
    return [
      `${sign}${gap}${paint.bold(each.purpose.padEnd(purposeWidth))}${gap}${upper(each)}`,
      `${indent}${paint.dim(lower(each))}`,
      ...(row.problem === null ? [] : [`${indent}${paint.red(cut(row.problem, textWidth))}`]),
    ];
  };
  return [
    paint.dim(`${' '.repeat(mark.width)}${gap}${headings.purpose.padEnd(purposeWidth)}${gap}${upper(headings)}`),
    paint.dim(`${indent}${lower(headings)}`),
    paint.dim(ruler),
    ...rows.flatMap(rowText),
    paint.dim(ruler),
    ...notesOn(rows).map(paint.dim),
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
