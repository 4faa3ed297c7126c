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

const shareRemedy = 'write a number above 0, at most 1';
const countRemedy = 'write a whole number from 1';
const spanRemedy = 'write a duration above 0s, as 90s, 15m or 3d';
const aboveZero = z.number(spanRemedy).positive(spanRemedy);

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
  z.strictObject({ ...way, fault: z.literal('slow'), delayMs: aboveZero }),
  /** The share `rate` of what is sent is lost and sent again after 1 s, 2 s, 4 s … */
  z.strictObject({ ...way, fault: z.literal('loss'), rate: z.number(shareRemedy).gt(0, shareRemedy).max(1, shareRemedy) }),
  /** Reset when the connection is asked for, or once a message has gone out and before its answer arrives. */
  z.strictObject({ ...way, fault: z.literal('reset'), after: z.enum(['connect', 'data'], 'write connect or data') }),
  /** The connection opens and nobody answers on it. */
  z.strictObject({ ...way, fault: z.literal('hang') }),
  /** The name is not found, or leads to `address`. */
  z.strictObject({ ...way, fault: z.literal('wrong-dns'), address: z.ipv4('write an IPv4 address, as 192.0.2.1').optional() }),
  /** The chain that the far end presents is not trusted. */
  z.strictObject({ ...way, fault: z.literal('untrusted') }),
]);
export type LinkFault = z.infer<typeof linkFaultSchema>;

export const microsoft365FaultSchema = z
  .strictObject({
    fault: z.enum(microsoft365FaultKinds),
    /** So many times, then it is over; until `heal` when left out. */
    count: z.int(countRemedy).min(1, countRemedy).optional(),
    /** At which step Exchange Online answers so; each fault has one of its own when left out. */
    stage: z.enum(['connect', 'auth', 'mail', 'rcpt', 'data'], 'write connect, auth, mail, rcpt or data').optional(),
    /** What Entra ID says in Retry-After. */
    retryAfterMs: aboveZero.optional(),
  })
  .refine(({ fault, stage }) => stage === undefined || fault.startsWith('exchange-'), { path: ['stage'], message: 'only Exchange Online has stages' })
  .refine(({ fault, retryAfterMs }) => retryAfterMs === undefined || fault.startsWith('token-'), { path: ['retryAfterMs'], message: 'only Entra ID says when to come again' });
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
const text = z.string('write a text').optional();
const writtenSchema = z.strictObject({
  fault: z.enum(kinds, `write one of ${kinds.join(', ')}`),
  node: text,
  to: text,
  delay: durationSchema.optional(),
  rate: z.coerce.number(shareRemedy).optional(),
  after: text,
  address: text,
  count: z.coerce.number(countRemedy).optional(),
  stage: text,
  retryAfter: durationSchema.optional(),
});
export type WrittenFault = z.input<typeof writtenSchema>;

/** What is wrong with one field of a fault, and what to write instead. */
export interface FaultMistake {
  readonly field: string;
  readonly fact: string;
  readonly remedy: string;
}

/** A fault from its written fields, defaults filled in. Throws a `Problem` that names every field that is not right. */
export function parseFault(written: unknown): Fault {
  const read = readFault(written);
  if ('fault' in read) return read.fault;
  throw new Problem('wrong input', 'fault', read.mistakes.map(({ fact }) => fact).join('; '), `A fault is one of ${kinds.join(', ')}; docs/topology.md has their fields.`);
}

/** All that is wrong with the written fields of a fault. */
export function faultMistakes(written: unknown): readonly FaultMistake[] {
  const read = readFault(written);
  return 'fault' in read ? [] : read.mistakes;
}

function readFault(written: unknown): { readonly fault: Fault } | { readonly mistakes: readonly FaultMistake[] } {
  const fields = writtenSchema.safeParse(written);
  if (!fields.success) return { mistakes: mistakesOf('a fault', fields.error, written) };
  const { delay, retryAfter, ...rest } = fields.data;
  const complete = {
    ...parametersOf(rest.fault),
    ...rest,
    ...(delay === undefined ? {} : { delayMs: delay }),
    ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
  };
  const parsed = faultSchemaOf(rest.fault).safeParse(complete);
  return parsed.success ? { fault: parsed.data } : { mistakes: mistakesOf(rest.fault, parsed.error, complete) };
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

function mistakesOf(what: string, { issues }: z.ZodError, written: unknown): FaultMistake[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map(fieldNamed).map((field) => ({ field, fact: `${what} takes no "${field}"`, remedy: `leave it out: ${what} takes no "${field}"` }));
    const key = issue.path.join('.');
    const field = fieldNamed(key);
    if (key === '') return [{ field, fact: 'a fault is a map of its fields', remedy: 'write a map' }];
    if ((written as Readonly<Record<string, unknown>>)[key] === undefined) return [{ field, fact: `${what} needs "${field}"`, remedy: `write it: ${what} needs "${field}"` }];
    return [{ field, fact: `${field}: ${issue.message}`, remedy: issue.message.startsWith('only ') ? `leave it out: ${issue.message}` : issue.message }];
  });
}

/** As a person writes it: `delayMs` is `delay` in a file. */
function fieldNamed(key: string): string {
  return key.replace(/Ms$/, '');
}
