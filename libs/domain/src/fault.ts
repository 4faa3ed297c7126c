import * as z from 'zod';
import { durationSchema } from './duration.ts';
import { Problem } from './problem.ts';

/** Faults on the way from a node to a host. Each can have parameters. */
export const linkFaultKinds = ['timeout', 'slow', 'loss', 'reset', 'hang', 'wrong-dns', 'untrusted'] as const;
/** Answers that Entra ID (`token-`) or Exchange Online (`exchange-`) gives in place of the usual one. */
export const microsoft365FaultKinds = ['token-429', 'token-503', 'exchange-421', 'exchange-432', 'exchange-451'] as const;
export type LinkFaultKind = (typeof linkFaultKinds)[number];
export type Microsoft365FaultKind = (typeof microsoft365FaultKinds)[number];
export type FaultKind = LinkFaultKind | Microsoft365FaultKind;

/** Stands for the node's connection to NATS where a host name would stand. */
export const natsName = 'nats';
// A node without NATS is cut off from it: whichever way it fails, these say no more than that.
const withoutNats: readonly FaultKind[] = ['timeout', 'reset', 'hang', 'wrong-dns'];

/** ISE has no setting for these; they are what a fault has that names none. */
export const faultDefaults = { delayMs: 10_000, rate: 0.1, after: 'connect' } as const;

const way = {
  /** The node that meets it; every node when left out. */
  node: z.string().optional(),
  /** A host name that ISE uses, or `nats`. */
  to: z.string(),
};

export const linkFaultSchema = z.discriminatedUnion('fault', [
  /** Connecting gets no answer: blocked. */
  z.strictObject({ ...way, fault: z.literal('timeout') }),
  /** Connecting and each answer take `delayMs` more; on the way to NATS each message. */
  z.strictObject({ ...way, fault: z.literal('slow'), delayMs: z.number().positive() }),
  /** The share `rate` of what is sent is lost and sent again after 1 s, 2 s, 4 s … */
  z.strictObject({ ...way, fault: z.literal('loss'), rate: z.number().gt(0).max(1) }),
  /** Reset when the connection is asked for, or once a message has gone out and before its answer arrives. */
  z.strictObject({ ...way, fault: z.literal('reset'), after: z.enum(['connect', 'data']) }),
  /** The connection opens and nobody answers on it. */
  z.strictObject({ ...way, fault: z.literal('hang') }),
  /** The name is not found, or leads to `address`. */
  z.strictObject({ ...way, fault: z.literal('wrong-dns'), address: z.ipv4().optional() }),
  /** The chain that the far end presents is not trusted. */
  z.strictObject({ ...way, fault: z.literal('untrusted') }),
]);
export type LinkFault = z.infer<typeof linkFaultSchema>;

export const microsoft365FaultSchema = z
  .strictObject({
    fault: z.enum(microsoft365FaultKinds),
    /** So many times, then it is over; until `heal` when left out. */
    count: z.int().min(1).optional(),
    /** At which step Exchange Online answers so; each fault has one of its own when left out. */
    stage: z.enum(['connect', 'auth', 'mail', 'rcpt', 'data']).optional(),
    /** What Entra ID says in Retry-After. */
    retryAfterMs: z.number().positive().optional(),
  })
  .refine(({ fault, stage }) => stage === undefined || fault.startsWith('exchange-'), { path: ['stage'], message: 'only Exchange Online has stages' })
  .refine(({ fault, retryAfterMs }) => retryAfterMs === undefined || fault.startsWith('token-'), { path: ['retryAfter'], message: 'only Entra ID says when to come again' });
export type Microsoft365Fault = z.infer<typeof microsoft365FaultSchema>;

export const faultSchema = z.union([linkFaultSchema, microsoft365FaultSchema]);
export type Fault = LinkFault | Microsoft365Fault;

/** A node that takes no connections: why, and what is to be done. */
const awayNodeSchema = z.object({ why: z.string(), remedy: z.string() });
export type AwayNode = z.infer<typeof awayNodeSchema>;

/** All that stands for one node, or for the double. `away`: those whom it cannot ask anything, by name. */
export const standingFaultsSchema = z.object({ faults: z.array(faultSchema), isolated: z.boolean(), away: z.record(z.string(), awayNodeSchema).optional() });
export type StandingFaults = z.infer<typeof standingFaultsSchema>;

export function isLinkFault(fault: Fault): fault is LinkFault {
  return (linkFaultKinds as readonly string[]).includes(fault.fault);
}

/** How a node can be cut off on the way to NATS: from NATS itself, or from the others whose certificate it does not trust. */
export type NatsCut = 'no NATS' | 'untrusted';

/** How a fault cuts off the nodes that it meets; undefined for one that does not, or only makes what they say and hear late. */
export function natsCutOf(fault: Fault): NatsCut | undefined {
  if (!isLinkFault(fault) || fault.to !== natsName) return undefined;
  if (fault.fault === 'untrusted') return 'untrusted';
  return withoutNats.includes(fault.fault) || (fault.fault === 'loss' && fault.rate === 1) ? 'no NATS' : undefined;
}

const kinds = [...linkFaultKinds, ...microsoft365FaultKinds] as const;

/** The fields of a fault as a person writes them in a file, a scenario or flags: durations as text. */
const writtenSchema = z.strictObject({
  fault: z.enum(kinds),
  node: z.string().optional(),
  to: z.string().optional(),
  delay: durationSchema.optional(),
  rate: z.coerce.number().optional(),
  after: z.string().optional(),
  address: z.string().optional(),
  count: z.coerce.number().optional(),
  stage: z.string().optional(),
  retryAfter: durationSchema.optional(),
});
export type WrittenFault = z.input<typeof writtenSchema>;

/** A fault from its written fields, defaults filled in. Throws a `Problem` that names every field that is not right. */
export function parseFault(written: unknown): Fault {
  const fields = writtenSchema.safeParse(written);
  if (!fields.success) throw wrong('a fault', fields.error);
  const { delay, retryAfter, ...rest } = fields.data;
  const parsed = faultSchemaOf(rest.fault).safeParse({
    ...parametersOf(rest.fault),
    ...rest,
    ...(delay === undefined ? {} : { delayMs: delay }),
    ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
  });
  if (!parsed.success) throw wrong(rest.fault, parsed.error);
  return parsed.data;
}

function faultSchemaOf(kind: FaultKind): z.ZodType<Fault> {
  return (linkFaultKinds as readonly string[]).includes(kind) ? linkFaultSchema : microsoft365FaultSchema;
}

function parametersOf(kind: FaultKind): object {
  if (kind === 'slow') return { delayMs: faultDefaults.delayMs };
  if (kind === 'loss') return { rate: faultDefaults.rate };
  if (kind === 'reset') return { after: faultDefaults.after };
  return {};
}

function wrong(what: string, error: z.ZodError): Problem {
  const mistakes = error.issues.map((issue) => mistakeText(what, issue));
  return new Problem('wrong input', 'fault', mistakes.join('; '), `A fault is one of ${kinds.join(', ')}; docs/topology.md has their fields.`);
}

function mistakeText(what: string, issue: z.core.$ZodIssue): string {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return `${what} takes no ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return `${what} needs "${field}"`;
  return field === '' ? issue.message : `${field}: ${issue.message}`;
}
