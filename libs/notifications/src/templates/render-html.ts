import type { Block, Field } from './content.ts';
import { singleLine } from './safe-text.ts';

/** The HTML part. Every text passes through `escaped`, our own words too, so that there is no exception to remember. */
export function renderHtml(blocks: readonly Block[]): string {
  const body = blocks.map(htmlOf).join('\n');
  return `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"></head>\n<body>\n${body}\n</body>\n</html>\n`;
}

// dir="auto" keeps a right-to-left name within its own element; pre-wrap keeps the spaces of a password.
function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p dir="auto">${escaped(block.text)}</p>`;
    case 'fields':
      return `<table>\n${block.fields.map(fieldRow).join('\n')}\n</table>`;
  }
}

function fieldRow([label, value]: Field): string {
  return `<tr><th align="left">${escaped(label)}:</th><td dir="auto" style="white-space: pre-wrap">${escaped(value)}</td></tr>`;
}

function escaped(text: string): string {
  return singleLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
