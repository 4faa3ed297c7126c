import { faultSchema } from '@isesim/domain';
import * as z from 'zod';

/** What is broken when a deployment begins or goes on. */
const standingAtFirstSchema = z.object({
  faults: z.array(faultSchema).readonly(),
  isolated: z.array(z.string()).readonly(),
  /** Hosts that ISE uses besides those of the topology. */
  hosts: z.array(z.string()).readonly().optional(),
});
export type StandingAtFirst = z.infer<typeof standingAtFirstSchema>;

/** What a deployment that was kept must be told when it goes on, besides its folder and its streams. */
export const memorySchema = z.object({
  /** Simulated time from which it goes on. */
  time: z.number(),
  /** How often each of its parts was started. */
  incarnations: z.record(z.string(), z.number()),
  /** The topology's faults when left out. */
  standing: standingAtFirstSchema.optional(),
});
export type Memory = z.infer<typeof memorySchema>;
