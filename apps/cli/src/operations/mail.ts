import type { OutboxEntry } from '@isesim/deployment';
import { durationSchema, formatInstant, Problem, type MailRecord } from '@isesim/domain';
import { mailFields, mailsThatFit, nearestMail, senderState, type MailWanted, type NearestMail } from '@isesim/scenario';
import * as z from 'zod';
import { operation, type DeploymentHandle } from './operation.ts';

const filter = z.object(mailFields);

export const mailList = operation({
  takes: filter,
  run: async ({ deployment }, wanted): Promise<{ mails: MailRecord[] }> => {
    checkSender(deployment, wanted);
    return { mails: await mailsThatFit({ deployment }, wanted) };
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

export type WaitAnswer =
  | { readonly mail: MailRecord; readonly mails: readonly MailRecord[] }
  | { readonly mails: readonly MailRecord[]; readonly missed: NearestMail | undefined; /** What the node that should have sent it is doing. */ readonly sender: string | undefined };

/**
 * Waits in real time until so many mails fit; those that were accepted before count. A miss comes with the mail that is
 * nearest to what was wanted.
 */
export const mailWait = operation({
  takes: filter.extend({ count: z.coerce.number({ error: 'write a number' }).int('write a whole number').min(1, 'write a number from 1').default(1), timeout: durationSchema }),
  run: async (supervised, { timeout, count, ...wanted }, { signal }): Promise<WaitAnswer> => {
    const { deployment } = supervised;
    checkSender(deployment, wanted);
    const mails = await mailsWithin(deployment, wanted, { count, timeoutMs: timeout, signal });
    const [mail] = mails;
    if (mail && mails.length >= count) return { mail, mails };
    return { mails, missed: await nearestMail(supervised, wanted), sender: await senderState(supervised, wanted) };
  },
});

/** Every mail that is accepted from now on. */
export const mailTail = operation({
  takes: filter,
  streams: true,
  run: async ({ deployment }, wanted, { emit, signal }) => {
    checkSender(deployment, wanted);
    const stopListening = deployment.mails.onMail(({ record }) => {
      void mailsThatFit({ deployment }, wanted).then((mails) => {
        if (mails.some(({ id }) => id === record.id)) emit({ mail: record });
      });
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
function checkSender({ nodes }: DeploymentHandle, { sentBy }: MailWanted): void {
  if (sentBy === undefined || nodes.some(({ name }) => name === sentBy)) return;
  throw new Problem('wrong input', 'node', `--sent-by: there is no node "${sentBy}"`, `Use one of ${nodes.map(({ name }) => name).join(', ')}.`);
}

// The longest that a timer of Node.js takes.
const longestWaitMs = 2 ** 31 - 1;

interface Patience {
  readonly count: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The mails that fit, as soon as there are so many, or when the time is up. */
async function mailsWithin(deployment: DeploymentHandle, wanted: MailWanted, { count, timeoutMs, signal }: Patience): Promise<MailRecord[]> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(Math.min(timeoutMs, longestWaitMs))]);
  for (;;) {
    // Listened for before the look, or a mail in between would be missed.
    const looked = new AbortController();
    const next = nextMail(deployment, AbortSignal.any([ended, looked.signal]));
    const mails = await mailsThatFit({ deployment }, wanted);
    if (mails.length >= count || (ended.aborted && !signal.aborted)) {
      looked.abort();
      return mails;
    }
    await next;
    if (signal.aborted) throw new Problem('refused', 'stopped', 'the deployment was stopped while a mail was waited for', 'Start it again with "isesim up".');
  }
}

/** Resolves when another mail is accepted, or `ended` aborts. */
function nextMail({ mails }: DeploymentHandle, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stopListening();
      ended.removeEventListener('abort', end);
      resolve();
    };
    const stopListening = mails.onMail(end);
    if (ended.aborted) end();
    else ended.addEventListener('abort', end);
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
