import { paint, printable, terminalWidth, type Colour } from '../output/terminal.ts';

/** Where the demo shows what happens, line by line. */
export interface Output {
  readonly width: number;
  /** Colours `text`, if whoever reads it can see colours. */
  readonly paint: (colour: Colour, text: string) => string;
  readonly line: (text?: string) => void;
}

// Without a terminal nobody wraps the lines: so wide fits an editor, the log of a CI system and a mail.
const widthElsewhere = 100;

/** Shows on `stream` until `signal` aborts. */
export function outputTo(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv, signal: AbortSignal): Output {
  return {
    width: terminalWidth(stream) ?? widthElsewhere,
    paint: (colour, text) => paint(stream, colour, printable(text), env),
    line: (text = '') => {
      if (!signal.aborted) stream.write(`${text}\n`);
    },
  };
}
