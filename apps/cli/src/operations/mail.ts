import { fits, type MailFilter, type OutboxEntry } from '@isesim/deployment';
import { durationSchema, formatInstant, Problem, purposes, templates, type MailRecord } from '@isesim/domain';
import { z } from 'zod';
import { nearestMail, type NearestMail } from './nearest-mail.ts';
import { operation, type DeploymentHandle } from './operation.ts';

const templateNames = Object.keys(templates);

const filter = z.object({
  purpose: z.enum(purposes, { error: `is not a purpose; use one of ${purposes.join(', ')}` }).optional(),
  template: z.enum(templateNames, { error: `is not a template; use one of ${templateNames.join(', ')}` }).optional(),
  sentBy: z.string().optional(),
  to: z.string().optional(),
  from: z.string().optional(),
  subject: z.string().optional(),
});

export const mailList = operation({
  takes: filter,
  run: ({ deployment }, wanted): { mails: MailRecord[] } => {
    checkSender(deployment, wanted);
    return { mails: deployment.mails.all(wanted) };
  },
});

export const mailShow = operation({
  takes: z.object({ id: z.string() }),
  run: ({ deployment }, { id }): { mail: MailRecord; source: string } => {
    const found = deployment.mails.find(id);
    if (!found) throw new Problem('wrong input', 'mail', `there is no mail "${id}"`, 'See "isesim mail ls" for the ids.');
    return { mail: found.record, source: found.source };
  },
});

export type WaitAnswer = { readonly mail: MailRecord } | { readonly missed: NearestMail | undefined };

/** Waits in real time; a mail that was accepted before counts. A miss comes with the mail that is nearest to what was wanted. */
export const mailWait = operation({
  takes: filter.extend({ timeout: durationSchema }),
  run: async ({ deployment }, { timeout, ...wanted }, { signal }): Promise<WaitAnswer> => {
    checkSender(deployment, wanted);
    const mail = await firstMail(deployment, wanted, timeout, signal);
    return mail ? { mail } : { missed: nearestMail(deployment.mails.all(), wanted) };
  },
});

/** Every mail that is accepted from now on. */
export const mailTail = operation({
  takes: filter,
  streams: true,
  run: async ({ deployment }, wanted, { emit, signal }) => {
    checkSender(deployment, wanted);
    const stopListening = deployment.mails.onMail(({ record }) => {
      if (fits(record, wanted)) emit({ mail: record });
    });
    await aborted(signal);
    stopListening();
    return {};
  },
});

export interface OutboxView {
  readonly notificationId: string;
  readonly node: string;
  readonly persona: string;
  readonly purpose: string;
  readonly template: string;
  readonly to: readonly string[];
  /** Simulated time of the fact, ISO 8601. */
  readonly at: string;
  readonly state: 'undone' | 'accepted' | 'refused' | 'dead-lettered';
  readonly attempts: number | null;
}

/** What the nodes owe: undone entries, with `all` those that are done too. */
export const mailOutbox = operation({
  takes: z.object({ all: z.boolean().default(false) }),
  run: async ({ deployment }, { all }): Promise<{ entries: OutboxView[] }> => {
    const entries = (await deployment.outbox()).map(outboxView);
    return { entries: all ? entries : entries.filter(({ state }) => state === 'undone') };
  },
});

/** A name that no node has would never match, so it is told at once. */
function checkSender({ nodes }: DeploymentHandle, { sentBy }: MailFilter): void {
  if (sentBy === undefined || nodes.some(({ name }) => name === sentBy)) return;
  throw new Problem('wrong input', 'node', `--sent-by: there is no node "${sentBy}"`, `Use one of ${nodes.map(({ name }) => name).join(', ')}.`);
}

// The longest that a timer of Node.js takes.
const longestWaitMs = 2 ** 31 - 1;

function firstMail({ mails }: DeploymentHandle, wanted: MailFilter, timeoutMs: number, signal: AbortSignal): Promise<MailRecord | undefined> {
  const [known] = mails.all(wanted);
  if (known) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      stopListening();
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => {
      end(() => { reject(new Problem('refused', 'stopped', 'the deployment was stopped while a mail was waited for', 'Start it again with "isesim up".')); });
    };
    const stopListening = mails.onMail(({ record }) => {
      if (fits(record, wanted)) end(() => { resolve(record); });
    });
    const timer = setTimeout(() => { end(() => { resolve(undefined); }); }, Math.min(timeoutMs, longestWaitMs));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}

function outboxView({ node, persona, notification, end }: OutboxEntry): OutboxView {
  const { id, purpose, template, to, at } = notification;
  return { notificationId: id, node, persona, purpose, template, to, at: formatInstant(at), state: end?.end ?? 'undone', attempts: end?.attempts ?? null };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => { signal.addEventListener('abort', () => { resolve(); }, { once: true }); });
}
