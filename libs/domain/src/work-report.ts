import * as z from 'zod';

const counts = z.record(z.string(), z.number());

/** What can enter an agent, in the order in which it begins when several have come in: `work` is the agent's own. */
export const itemKinds = ['reply', 'request', 'delivery', 'work'] as const;
export type ItemKind = (typeof itemKinds)[number];

/** Something that has entered an agent, and where it stands among its kind. Deterministic: nothing in it is an arrival. */
export const itemSchema = z.object({ kind: z.enum(itemKinds), order: z.array(z.union([z.string(), z.number()])) });
export type Item = z.infer<typeof itemSchema>;

/**
 * What an agent (a node, the Microsoft 365 double, the deployment itself) tells the coordinator of the clock each time
 * its open work has ended. All counts are cumulative over one incarnation; `agent` and all peers are incarnations,
 * written `name#n`, since a restarted node counts from zero.
 */
export const workReportSchema = z.object({
  agent: z.string(),
  number: z.number(),
  /** Number of the last grant whose work has ended. */
  obeyed: z.number(),
  /** Highest acknowledged sequence per stream that the agent has written. */
  published: counts,
  /** Highest sequence per stream that the agent follows and has taken, without gaps. */
  taken: counts,
  asked: counts,
  asksTaken: counts,
  answered: counts,
  answersTaken: counts,
  /** Of a node: how many of its connections to the double it has closed; counted before the close leaves. */
  closes: z.number(),
  /** Of the double: how many closed connections it has taken and is done with, by the client's address. */
  closesTaken: counts,
  /** Of the double: its open connections, named by the client's end, `address:port`. */
  connections: z.array(z.string()),
  /** Of a node: connections on which a piece of work waits for the double. */
  waiting: z.array(z.string()),
  /** Of the double: connections whose client waits for a simulated time to pass. */
  sleeping: z.array(z.string()),
  /** Work that is open and on which nothing waits but time. */
  asides: z.number(),
  /** Simulated instant; absent when nothing is due. */
  nextDue: z.number().optional(),
  /** The first of what has come in and waits for its turn; absent when nothing does. */
  held: itemSchema.optional(),
  /** Given when it was asked for, also while work is open: then the report is no word that anything has ended. */
  open: z.array(z.object({ what: z.string(), since: z.number() })).optional(),
});
export type WorkReport = z.infer<typeof workReportSchema>;

/** The coordinator's word to one agent: the time that it now is, and whether what is due shall start. */
export const grantSchema = z.object({
  number: z.number(),
  time: z.number(),
  go: z.boolean(),
  /** From here on whatever comes in waits for its turn. */
  inOrder: z.boolean().optional(),
  /** One thing may begin: the first that is held, or the first timer that is due. */
  turn: z.enum(['held', 'timer']).optional(),
  /** Nothing to obey: the agent is asked what it has open. */
  asks: z.boolean().optional(),
  /** The incarnations that are alive, by name; given when they change. */
  incarnations: z.record(z.string(), z.string()).optional(),
});
export type Grant = z.infer<typeof grantSchema>;

/** An agent's end of its link with the coordinator. */
export interface ClockEnd {
  report(report: WorkReport): void;
  onGrant(obey: (grant: Grant) => void): Promise<void>;
}
