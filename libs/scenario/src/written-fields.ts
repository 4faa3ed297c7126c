import type { Step } from './step.ts';

/** What is written behind a step's name, as its fields. */
export interface WrittenFields {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Only the one obvious field was written. */
  readonly isBare: boolean;
  readonly as?: unknown;
}

/** Undefined when it is neither a map nor the one obvious field. */
export function fieldsWritten(step: Step, written: unknown): WrittenFields | undefined {
  if (written === null || written === undefined) return { fields: {}, isBare: false };
  if (typeof written === 'object' && !Array.isArray(written)) {
    const { as, ...fields } = written as Record<string, unknown>;
    return { fields: step.unfold?.(fields) ?? fields, isBare: false, ...(as === undefined ? {} : { as }) };
  }
  if (!step.bare || Array.isArray(written)) return undefined;
  return { fields: step.bare.fieldsOf(String(written as string | number | boolean)) as Record<string, unknown>, isBare: true };
}
