import type { ProblemData, ProblemKind } from '@isesim/domain';

/**
 * A problem that the command itself finds. The class of `@isesim/domain` comes with every schema of the domain, for which a
 * verb that only asks a supervisor would have to wait; both are told by their fields.
 */
export class CommandProblem extends Error implements ProblemData {
  readonly kind: ProblemKind;
  readonly code: string;
  readonly remedy: string;
  /** Further fields of the error object under --json. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor({ kind, code, message, remedy }: ProblemData, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'CommandProblem';
    this.kind = kind;
    this.code = code;
    this.remedy = remedy;
    this.details = details;
  }
}

export interface PrintableProblem extends ProblemData {
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Whatever was thrown, as a problem: what is none is a defect of ours, and told as such. */
export function problemOf(error: unknown): PrintableProblem {
  if (isProblem(error)) return withMistakes(error);
  if (isOfThePlace(error)) return { kind: 'could not run', code: 'file', message: error.message, remedy: 'isesim writes to the folders of XDG_STATE_HOME and TMPDIR: they must be yours to write to, with room left.' };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'could not run', code: 'defect', message, remedy: 'This is a defect of isesim: please report it.', details: stackOf(error) };
}

/** Mistakes in files each with their place, for a program beside the text. */
function withMistakes(problem: PrintableProblem): PrintableProblem {
  if (problem.details !== undefined || !('mistakes' in problem)) return problem;
  const { kind, code, message, remedy, mistakes } = problem;
  return { kind, code, message, remedy, details: { mistakes } };
}

// What the place is to blame for where a file is written: rights, room, or a file that stands where a folder should.
const reasonsOfThePlace: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR'];

function isOfThePlace(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'path' in error && 'code' in error && reasonsOfThePlace.includes(error.code as string);
}

const exitCodes: Readonly<Record<ProblemKind, number>> = { refused: 1, 'wrong input': 2, 'could not run': 3 };

export function exitCodeOf({ kind }: ProblemData): number {
  return exitCodes[kind];
}

function isProblem(error: unknown): error is PrintableProblem {
  if (typeof error !== 'object' || error === null) return false;
  const { kind, code, message, remedy } = error as Record<string, unknown>;
  return typeof kind === 'string' && kind in exitCodes && [code, message, remedy].every((field) => typeof field === 'string');
}

function stackOf(error: unknown): Record<string, unknown> {
  return error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
}
