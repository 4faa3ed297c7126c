const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;
export type Colour = keyof typeof codes;

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

/** `text` in a colour, if `stream` is a terminal and its user wants colours. */
export function paint(stream: Stream, colour: Colour, text: string, env: NodeJS.ProcessEnv = process.env): string {
  return isColourful(stream, env) ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}

// What is narrower, a table cannot serve.
const widthLeast = 60;

/** How many columns `stream` has, where it is a terminal that says so: only there lines are broken. */
export function terminalWidth({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number | undefined {
  return isTTY && columns > 0 ? Math.max(widthLeast, columns) : undefined;
}

/** What someone who waits wants to see, and no file does: only on a terminal. */
export function showProgress(line: string): void {
  if (process.stderr.isTTY) note(line);
}

/** A line beside the data, on stderr. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Text from outside, as a mail's subject, without the control characters by which it could command the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => (character === '\n' || character === '\t' ? character : '\ufffd'));
}

function isColourful(stream: Stream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
