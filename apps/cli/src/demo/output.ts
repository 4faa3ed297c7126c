import { paint, printable, type Colour } from '../output/terminal.ts';

/** Where the demo shows what happens, line by line. */
export interface Output {
  readonly width: number;
  /** Colours `text`, if whoever reads it can see colours. */
  readonly paint: (colour: Colour, text: string) => string;
  readonly line: (text?: string) => void;
}

// Without a terminal nobody wraps the lines: so wide fits an editor, the log of a CI system and a mail.
const widthElsewhere = 100;
const widthLeast = 60;

/** Shows on `stream` until `signal` aborts. */
export function outputTo(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv, signal: AbortSignal): Output {
  return {
    width: stream.isTTY && stream.columns > 0 ? Math.max(widthLeast, stream.columns) : widthElsewhere,
    paint: (colour, text) => paint(stream, colour, printable(text), env),
    line: (text = '') => {
      if (!signal.aborted) stream.write(`${text}\n`);
    },
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
