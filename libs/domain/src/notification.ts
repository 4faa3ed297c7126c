import * as z from 'zod';
import { purposes, templates, type Template } from './node-table.ts';

/** What must be told: a fact with its recipients, before any text is composed. */
export const notificationSchema = z.object({
  /** Stable: the same fact always gives the same id, so that telling it twice is noticed. Letters, digits, - and _ only. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,180}$/),
  purpose: z.enum(purposes),
  template: z.enum(Object.keys(templates) as [Template, ...Template[]]),
  to: z.array(z.string()).min(1),
  /** What the text is made of: guest, alarm or account data, all as text ready to show. */
  data: z.record(z.string(), z.string()),
  /** Follows one cause through log, bus, mail header and record. */
  traceId: z.string(),
  /** User name of the sponsor of the guest who is told; absent where there is none. */
  sponsor: z.string().optional(),
  /** Simulated instant of the fact. */
  at: z.number(),
});
export type Notification = z.infer<typeof notificationSchema>;

/** The composed message, before an attempt. */
export interface Mail {
  /** Without angle brackets; the same for every attempt. */
  readonly messageId: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Simulated instant for the Date header. */
  readonly date: number;
}

/** The headers in which a sender claims what a mail is; the audit checks the claims against the evidence. */
export const claimHeaders = {
  node: 'X-ISEsim-Node',
  purpose: 'X-ISEsim-Purpose',
  template: 'X-ISEsim-Template',
  trace: 'X-ISEsim-Trace',
} as const;
