import { Problem } from '@isesim/domain';

/** One mistake in a topology file, at its place there (line and column count from 1). */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The field, as `nodes[2].pan`; empty when the mistake is in no field. */
  readonly path: string;
  /** What is wrong, the value, what to write instead; never a secret. */
  readonly message: string;
}

// More than anyone reads; a hostile file can hold tens of thousands of mistakes. All are in `mistakes`.
const listedMax = 500;

/** The topology file is wrong: every mistake at once, in the order of the file. */
export class TopologyError extends Problem {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[], options?: ErrorOptions) {
    super('wrong input', 'topology', listed(mistakes), 'Correct the places named; nothing was started.', options);
    this.name = 'TopologyError';
    this.mistakes = mistakes;
  }
}

/** A line each, in the order of the file; not more than anyone reads. */
export function listed(mistakes: readonly Mistake[]): string {
  const lines = mistakes
    .slice(0, listedMax)
    .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  if (mistakes.length > listedMax) lines.push(`and ${mistakes.length - listedMax} more`);
  return lines.join('\n');
}
