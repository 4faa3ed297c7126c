import {
  acceptedMailSchema,
  alarmSchema,
  duties,
  guestSchema,
  internalUserSchema,
  mailEndSchema,
  nodeStatuses,
  notificationSchema,
  type Persona,
  type Purpose,
} from '@isesim/domain';
import * as z from 'zod';

/** A JetStream stream of a deployment, with the schema of what it holds. */
export interface Stream<T> {
  readonly name: string;
  readonly subjects: string;
  readonly schema: z.ZodType<T>;
  /** Subject prefix under which the server repeats each message for those who follow the stream. */
  readonly feed?: string;
  /** Keeps only the last message per subject. */
  readonly lastOnly?: boolean;
}

export const configurationWriteSchema = z.discriminatedUnion('kind', [
  /** A promotion: from here on `primary` writes, under this epoch. */
  z.object({ kind: z.literal('epoch'), epoch: z.number(), primary: z.string() }),
  /** Settings pages that change together, with their secrets sealed; null empties a page. */
  z.object({ kind: z.literal('pages'), epoch: z.number(), pages: z.record(z.string(), z.unknown()) }),
]);
export type ConfigurationWrite = z.infer<typeof configurationWriteSchema>;

export const accountSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('guest'), guest: guestSchema }),
  z.object({ kind: z.literal('internal-user'), user: internalUserSchema }),
]);
export type Account = z.infer<typeof accountSchema>;

export const nodeReportSchema = z.object({
  node: z.string(),
  incarnation: z.number(),
  status: z.enum(nodeStatuses),
  settingsRevision: z.number(),
  /** Whether the SMTP Server page has been filled in and saved. */
  smtpServer: z.enum(['configured', 'not configured']).optional(),
  pid: z.number(),
});
export type NodeReport = z.infer<typeof nodeReportSchema>;

export const dutyChangeSchema = z.object({
  since: z.number(),
  holders: z.partialRecord(z.enum(duties), z.string()),
});

/** Every stream of the deployment `d`. Split by who may write, since permissions go by subject. */
export function streamsOf(d: string) {
  const p = `isesim.${d}`;
  return {
    config: { name: `KV_${d}_config`, subjects: `$KV.${d}_config.>`, schema: configurationWriteSchema, feed: `${p}.feed.config` },
    accounts: { name: `KV_${d}_accounts`, subjects: `$KV.${d}_accounts.>`, schema: accountSchema, lastOnly: true },
    alarms: { name: `${d}_alarms`, subjects: `${p}.alarm.>`, schema: alarmSchema, feed: `${p}.feed.alarm` },
    outcomes: { name: `${d}_outcomes`, subjects: `${p}.outcome.>`, schema: mailEndSchema },
    status: { name: `${d}_status`, subjects: `${p}.report.*`, schema: nodeReportSchema, feed: `${p}.feed.report`, lastOnly: true },
    mail: { name: `${d}_mail`, subjects: `${p}.mail.>`, schema: acceptedMailSchema, feed: `${p}.feed.mail` },
    history: { name: `${d}_history`, subjects: `${p}.duty.>`, schema: dutyChangeSchema },
    outbox: (persona: Persona, node: string) => ({
      name: `${d}_outbox_${persona}_${node}`,
      subjects: `${p}.outbox.${persona}.${node}.>`,
      schema: notificationSchema,
      feed: `${p}.feed.outbox.${persona}.${node}`,
    }),
  } as const;
}
export type Streams = ReturnType<typeof streamsOf>;

/** Every subject of the deployment `d` that is not a feed. */
export function subjectsOf(d: string) {
  const p = `isesim.${d}`;
  return {
    /** The writer stands in the subject, where only its own account may write: nobody can write in another's name. */
    config: (writer: string, page: string) => `$KV.${d}_config.${writer}.${page}`,
    guest: (id: string) => `$KV.${d}_accounts.guest.${id}`,
    internalUser: (name: string) => `$KV.${d}_accounts.internal-user.${name}`,
    alarm: (node: string, id: string) => `${p}.alarm.${node}.${id}`,
    outbox: (persona: Persona, node: string, purpose: Purpose, id: string) => `${p}.outbox.${persona}.${node}.${purpose}.${id}`,
    outcome: (persona: Persona, node: string, id: string) => `${p}.outcome.${persona}.${node}.${id}`,
    report: (node: string) => `${p}.report.${node}`,
    mail: (id: string) => `${p}.mail.${id}`,
    duty: (sequence: number) => `${p}.duty.${sequence}`,
    work: (agent: string) => `${p}.work.${agent}`,
    grant: (agent: string) => `${p}.grant.${agent}`,
    /** Prefix of an agent's own inboxes; with the deployment's name, since several can share an account. */
    inbox: (agent: string) => `_INBOX.${d}.${agent}`,
    /** A node that runs elsewhere, to the deployment. */
    join: (node: string) => `${p}.join.${node}`,
    request: (responder: string, verb: string, asker: string) => `${p}.rpc.${responder}.${verb}.${asker}`,
  } as const;
}
export type Subjects = ReturnType<typeof subjectsOf>;
