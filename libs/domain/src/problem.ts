/** What went wrong, seen by whoever gave the command; decides the exit code (1, 2, 3). */
export type ProblemKind = 'refused' | 'wrong input' | 'could not run';

/**
 * The one error type that reaches a user: a stable code, a message with the fact and the value, and the remedy.
 * Everything else that is thrown is a defect of ours.
 */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly code: string;
  readonly remedy: string;

  constructor(kind: ProblemKind, code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Problem';
    this.kind = kind;
    this.code = code;
    this.remedy = remedy;
  }
}

/** For replies over the bus: a problem as data, and back. */
export interface ProblemData {
  readonly kind: ProblemKind;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export function problemData(error: unknown): ProblemData {
  if (error instanceof Problem) {
    return { kind: error.kind, code: error.code, message: error.message, remedy: error.remedy };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'could not run', code: 'defect', message, remedy: 'This is a defect of isesim: please report it.' };
}

export function problemFrom(data: ProblemData): Problem {
  return new Problem(data.kind, data.code, data.message, data.remedy);
}
