import type { Problem } from '@isesim/domain';
import type * as z from 'zod';
import type { Stage } from './stage.ts';

/*
 * What a step is made of. Each step is defined once, in a file of its own in steps/: from that definition come its form in a
 * scenario, its verb on the command line, its method in tests, its row in the reference and in the JSON Schema.
 */

/** The fields of a step as they are written. */
export type Fields = z.ZodObject;

interface Common<Schema extends Fields> {
  /** What it does, in one line that begins with a verb. */
  readonly does: string;
  readonly fields: Schema;
  /** Turns another way to write the fields into them: a map within the map, as a topology has it. */
  readonly unfold?: (written: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** The fields that `unfold` takes in that other way, as they are written there. */
  readonly folded?: Readonly<Record<string, z.ZodType>>;
  /** For a step with one obvious field: what it means when only that is written, and how its argument is called on the command line. */
  readonly bare?: {
    readonly name: string;
    readonly fieldsOf: (value: string) => z.input<Schema>;
    /** What to write instead of a value that was taken for a field, where it could have been another's. */
    readonly remedies?: Readonly<Record<string, string>>;
  };
}

/** Something that is done to a deployment. */
export interface Action<Schema extends Fields = Fields, Answer extends object = object> extends Common<Schema> {
  readonly kind: 'action';
  /** The verb of the command line, as `guest create`. */
  readonly verb: string;
  readonly examples: readonly [string, ...string[]];
  /** Throws a `Problem` when it is refused. The answer is plain JSON. */
  run(stage: Stage, fields: z.output<Schema>): Promise<Answer> | Answer;
  /** The answer as a person reads it. */
  says(answer: Answer): string;
  /** For an answer that says that it failed: it is shown all the same, and then this is thrown. */
  readonly refusal?: (answer: Answer) => Problem | undefined;
  /** What a name given with `as` stands for later: `${ana.email}`. */
  readonly named?: (answer: Answer) => Readonly<Record<string, unknown>>;
}

/** Something that must hold once all that was done has had its effect. */
export interface Expectation<Schema extends Fields = Fields> extends Common<Schema> {
  readonly kind: 'expectation';
  /** With `within`: must hold all that time, instead of at some moment of it. */
  readonly lasting?: boolean;
  check(stage: Stage, fields: z.output<Schema>): Promise<Verdict> | Verdict;
}

export type Verdict = { readonly holds: true } | Miss;

/** Why an expectation does not hold. */
export interface Miss {
  readonly holds: false;
  readonly expected: string;
  readonly found: string;
  /** What helps to see why: a label and a line each, as `nearest`, `sender`. */
  readonly hints: readonly (readonly [label: string, text: string])[];
}

export type Step = Action | Expectation;

/** Only infers the types. */
export function action<Schema extends Fields, Answer extends object>(definition: Omit<Action<Schema, Answer>, 'kind'>): Action<Schema, Answer> {
  return { kind: 'action', ...definition };
}

/** Only infers the types. */
export function expectation<Schema extends Fields>(definition: Omit<Expectation<Schema>, 'kind'>): Expectation<Schema> {
  return { kind: 'expectation', ...definition };
}

/** For a step whose one obvious field is `field`. */
export function bareField<Name extends string>(field: Name): { name: Name; fieldsOf: (value: string) => { [Key in Name]: string } } {
  return { name: field, fieldsOf: (value) => ({ [field]: value }) as { [Key in Name]: string } };
}

/** What to write instead of a bare value; undefined where that is what its field says. */
export function bareRemedy(bare: Step['bare'], { path, message }: Pick<z.core.$ZodIssue, 'path' | 'message'>): string | undefined {
  // Of the right form, and too much.
  if (message.startsWith('write at most')) return undefined;
  return bare?.remedies?.[String(path[0])];
}
