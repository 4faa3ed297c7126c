import * as z from 'zod';
import { outcomeSchema } from './outcome.ts';
import { tracedSchema } from './trace.ts';

/** How a Test Connection ended, and what its page shows. */
export const connectionTestSchema = z.object({
  node: z.string(),
  /** ISE tests on the primary PAN alone; from any other node it is a probe of isesim, which no save goes by. */
  by: z.enum(['ISE', 'isesim']),
  succeeded: z.boolean(),
  /** What ISE's page shows, where it is known; else what went wrong. */
  message: z.string(),
  /** How sure it is that ISE shows this text. */
  certainty: z.enum(['documented', 'inferred', 'ours']),
  /** The id of a known failure. */
  failure: z.string().optional(),
  remedy: z.string().optional(),
  outcome: outcomeSchema,
  trace: z.array(tracedSchema).optional(),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;
