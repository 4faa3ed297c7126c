import * as z from 'zod';

/** A certificate as a server presents it, or as the node found it among those that it trusts. */
const tracedCertificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  /** It is one of those that the node trusts for this server. */
  trusted: z.boolean(),
});
export type TracedCertificate = z.infer<typeof tracedCertificateSchema>;

/** Values of a form or of an answer; those that are secret are `***`. */
const namedValuesSchema = z.record(z.string(), z.unknown());

/** What happened on the way of one attempt. No event has a field for a secret or a token. `failed` is why it did not. */
const eventSchemas = [
  z.object({ step: z.literal('resolve'), name: z.string(), address: z.string().optional(), failed: z.string().optional() }),
  z.object({ step: z.literal('connect'), to: z.string(), proxy: z.string().optional(), from: z.string().optional(), failed: z.string().optional() }),
  z.object({
    step: z.literal('tls'),
    host: z.string(),
    protocol: z.string().optional(),
    /** The leaf first. */
    chain: z.array(tracedCertificateSchema),
    failed: z.string().optional(),
  }),
  z.object({ step: z.literal('token-request'), url: z.string(), form: namedValuesSchema }),
  /** `answer` is what stands beside the token, `claims` what the token says. */
  z.object({ step: z.literal('token-answer'), status: z.number(), answer: namedValuesSchema.optional(), claims: namedValuesSchema.optional(), error: namedValuesSchema.optional() }),
  z.object({ step: z.literal('smtp'), says: z.enum(['client', 'server']), line: z.string() }),
] as const;

export const traceEventSchema = z.discriminatedUnion('step', [...eventSchemas]);
export type TraceEvent = z.infer<typeof traceEventSchema>;

/** An event with the simulated instant at which it happened. */
export const tracedSchema = z.intersection(z.object({ at: z.number() }), traceEventSchema);
export type Traced = z.infer<typeof tracedSchema>;

export type Trace = (event: TraceEvent) => void;
