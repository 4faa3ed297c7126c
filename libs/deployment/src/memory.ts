import * as z from 'zod';

/** What a deployment that was kept must be told when it goes on, besides its folder and its streams. */
export const memorySchema = z.object({
  /** Simulated time from which it goes on. */
  time: z.number(),
  /** How often each of its parts was started. */
  incarnations: z.record(z.string(), z.number()),
});
export type Memory = z.infer<typeof memorySchema>;
