/** Where the demo shows what happens, line by line. */
export interface Output {
  readonly width: number;
  readonly paint: Paint;
  line(text?: string): void;
}

export type Paint = Readonly<Record<'bold' | 'dim' | 'green' | 'red', (text: string) => string>>;

// Without a terminal nobody wraps the lines: so wide fits an editor, a terminal of a CI system and a mail.
const widthElsewhere = 100;
const widthLeast = 60;

/** Colour goes to a terminal alone, and not there when NO_COLOR asks for none. */
export function outputTo(stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }, env: NodeJS.ProcessEnv): Output {
  const terminal = stream.isTTY === true;
  return {
    width: terminal && stream.columns ? Math.max(widthLeast, stream.columns) : widthElsewhere,
    paint: terminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? inColour : plain,
    line: (text = '') => { stream.write(`${text}\n`); },
  };
}

/** `text` broken between its words into lines of at most `width`. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}

export const plain: Paint = { bold: asIs, dim: asIs, green: asIs, red: asIs };

const inColour: Paint = { bold: between(1, 22), dim: between(2, 22), green: between(32, 39), red: between(31, 39) };

function asIs(text: string): string {
  return text;
}

/** Between the two codes of ANSI that turn a style on and off. */
function between(on: number, off: number): (text: string) => string {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}
