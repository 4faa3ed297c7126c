import { Problem } from '@isesim/domain';

/** An own limit. */
export const depthMax = 100;

/** A place in a script, which moves on as the script is read. */
export class Cursor {
  readonly text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.#position >= this.text.length;
  }

  sees(pattern: RegExp): boolean {
    return this.#match(pattern) !== null;
  }

  /** What `pattern` matches here, and goes behind it. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const match = this.#match(pattern);
    if (!match) return undefined;
    this.#position += match[0].length;
    return match;
  }

  /** The same where nothing else may stand. */
  demand(pattern: RegExp, what: string): RegExpExecArray {
    const match = this.take(pattern);
    if (!match) throw this.unexpected(what);
    return match;
  }

  /** Blanks, comments and a line that goes on behind a backtick. */
  skipBlanks(): void {
    while (this.take(/[ \t\u00a0]+|`\r?\n|<#[^]*?#>|#[^\n]*/));
    if (this.sees(/<#/)) throw incomplete('#>');
  }

  /** The same, and ends of lines. */
  skipLines(): void {
    do this.skipBlanks();
    while (this.take(/[\r\n]+/));
  }

  /** What is parsed within something else. Throws where that goes deeper than a person writes, and than the stack reaches. */
  within<Parsed>(parse: () => Parsed): Parsed {
    if (this.#depth === depthMax) throw this.tooDeep();
    this.#depth += 1;
    const parsed = parse();
    this.#depth -= 1;
    return parsed;
  }

  tooDeep(): Problem {
    return new Problem('wrong input', 'parse', `ParserError: line ${this.#line()}: more than ${depthMax} levels within each other, or operators and members in a row`, 'Keep parts in variables: $part = ...');
  }

  /** Something else stands here than was `expected`; at the end of the text more lines may bring it. */
  unexpected(expected: string): Problem {
    if (this.atEnd) return incomplete(expected);
    const found = JSON.stringify(this.text.slice(this.#position, this.#position + 20).split('\n')[0] ?? '');
    return new Problem('wrong input', 'parse', `ParserError: line ${this.#line()}: expected ${expected}, found ${found}`, 'Check the line. isesim plays the part of PowerShell that administers a tenant: cmdlets, pipelines, variables, hashtables.');
  }

  #line(): number {
    return this.text.slice(0, this.#position).split('\n').length;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}y`);
    sticky.lastIndex = this.#position;
    return sticky.exec(this.text);
  }
}

/** What has begun and does not end: a prompt asks for the next line. */
export function incomplete(missing: string): Problem {
  return new Problem('wrong input', 'incomplete', `ParserError: ${missing} is missing`, 'Go on in the next line, or end what was begun.');
}
