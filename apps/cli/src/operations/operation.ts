import type { Stage } from '@isesim/scenario';
import type * as z from 'zod';

/** A deployment with what its supervisor knows of it. */
export interface Supervised extends Stage {
  /** How simulated time passes, as `up --time` takes it. */
  readonly time: string;
  readonly natsUrl: string;
  readonly caFile: string;
  /** Calls back when something keeps simulated time from moving on; the returned function ends that. */
  onStall(listener: (blockers: readonly string[]) => void): () => void;
}

export type DeploymentHandle = Supervised['deployment'];

/** One asking of an operation. */
export interface Call {
  /** Aborts when the asker is gone or the deployment is being stopped. */
  readonly signal: AbortSignal;
  /** Sends an item ahead of the answer; for operations that stream. */
  readonly emit: (item: object) => void;
}

/** Something that a supervisor does when it is asked to. */
export interface Operation<Schema extends z.ZodType = z.ZodType, Answer extends object = object> {
  readonly takes: Schema;
  /** Items come ahead of the answer, one JSON object a line. */
  readonly streams?: boolean;
  run(supervised: Supervised, value: z.output<Schema>, call: Call): Promise<Answer> | Answer;
}

/** Only infers the types. */
export function operation<Schema extends z.ZodType, Answer extends object>(definition: Operation<Schema, Answer>): Operation<Schema, Answer> {
  return definition;
}
