import * as z from 'zod';

/** ISE's severities of an alarm instance (Cisco OpenAPI, alarms). */
export const severities = ['Critical', 'Warning', 'Info'] as const;

export const alarmSchema = z.object({
  /** Part of subjects and of the notification's id. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  name: z.string(),
  severity: z.enum(severities),
  details: z.string(),
  /** The node that raised it. */
  node: z.string(),
  /** Simulated instant. */
  raisedAt: z.number(),
});
export type Alarm = z.infer<typeof alarmSchema>;
