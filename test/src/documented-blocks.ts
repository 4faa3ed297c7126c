/** A block of code on a page of documentation. */
export interface Block {
  readonly language: string;
  /** The name of the file that it shows, if it shows one. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The blocks of code on a page, in their order. */
export function blocksOn(page: string): Block[] {
  return [...page.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm)].map(([, language = '', file, text = '']) => ({ language, file, text }));
}

/** What differs from one run to the next, replaced by a word. */
export function withoutChance(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{12}\b/g, '<id>')
    .replaceAll(/\b127\.\d+\.\d+\.\d+\b/g, '<address>')
    .replaceAll(/\b\d+\.\d s\b/g, '<seconds>');
}
