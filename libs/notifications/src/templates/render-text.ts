import type { Block, Field } from './content.ts';
import { singleLine } from './safe-text.ts';

/** The plain text part. Lines may be long: how they are folded for transport is the mail library's business. */
export function renderText(blocks: readonly Block[]): string {
  return `${blocks.map(textOf).join('\n\n')}\n`;
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return singleLine(block.text);
    case 'fields':
      return block.fields.map(fieldLine).join('\n');
  }
}

// As in ISE's own mails (samples in Cisco document 225520).
const withoutBlank: readonly string[] = ['Mobile Number'];

function fieldLine([label, value]: Field): string {
  const blank = value === '' || withoutBlank.includes(label) ? '' : ' ';
  return `${label}:${blank}${singleLine(value)}`;
}
