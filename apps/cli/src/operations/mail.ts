import { noSuchNode, type AttemptsAt, type OutboxEntry } from '@isesim/deployment';
import { durationSchema, formatInstant, Problem, type MailRecord, type Outcome } from '@isesim/domain';
import { explainMiss, mailFields, mailsThatFit, nearestMail, waitsBecause, type MailWanted, type MissExplained, type NearestMail } from '@isesim/scenario';
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
    const found = deployment.mails.find(idThatBegins(deployment, id));
    if (!found) throw new Problem('wrong input', 'mail', `there is no mail "${id}"`, 'See "isesim mail ls" for the ids.');
    return { mail: found.record, source: found.source };
  },
});

/** The one id that begins so; `begin` itself when there is none. */
function idThatBegins({ mails }: DeploymentHandle, begin: string): string {
  const ids = mails.all().map(({ id }) => id).filter((id) => id.startsWith(begin));
  const [only = begin, ...others] = ids.includes(begin) || begin === '' ? [begin] : ids;
  if (others.length === 0) return only;
  throw new Problem('wrong input', 'mail', `${ids.length} mails have an id that begins with "${begin}"`, `Write more of it, as ${ids.slice(0, shownIdsMax).join(' or ')}.`);
}

const shownIdsMax = 3;

export type WaitAnswer =
  | { readonly mail: MailRecord; readonly mails: readonly MailRecord[] }
  | (MissExplained & {
      readonly mails: readonly MailRecord[];
      readonly missed: NearestMail | undefined;
      /** Given where the wait ended since nothing happens any more while simulated time stands still. */
      readonly stands?: { /** What falls due next, ISO 8601; null when nothing does. */ readonly nextDue: string | null };
    });

const usualTimeoutMs = 30_000;

/**
 * Waits in real time until so many mails fit; those that were accepted before count. A miss comes with the mail that is
 * nearest to what was wanted. Without a timeout of its asker it ends, where simulated time stands still, when nothing happens any more.
 */
export const mailWait = operation({
  takes: filter.extend({ count: z.coerce.number({ error: 'write a number' }).int('write a whole number').min(1, 'write a number from 1').default(1), timeout: durationSchema.optional() }),
  run: async (supervised, { timeout, count, ...wanted }, { signal }): Promise<WaitAnswer> => {
    const { deployment, time } = supervised;
    checkSender(deployment, wanted);
    const quiet = timeout === undefined && time === 'stepped' ? deployment.quiet() : undefined;
    const mails = await mailsWithin(deployment, wanted, { count, timeoutMs: timeout ?? usualTimeoutMs, signal, quiet });
    const [mail] = mails;
    if (mail && mails.length >= count) return { mail, mails };
    return { mails, missed: await nearestMail(supervised, wanted), ...(await explainMiss(supervised, wanted)), ...(quiet && { stands: { nextDue: await nextDueOf(deployment) } }) };
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
  /** So far, or in all; of what is undone those since the node's start, null while it does not run. */
  readonly attempts: number | null;
  /** How the last attempt ended, and when (simulated, ISO 8601); null when nobody knows of one. */
  readonly lastAttempt: { readonly at: string; readonly outcome: Outcome } | null;
  /** What keeps its node from trying it, where that is known. */
  readonly waitsBecause?: string;
}

export interface OutboxAnswer {
  readonly entries: readonly OutboxView[];
  /** How many are done without having been accepted; without `all`, they are not among the entries. */
  readonly neverSent?: number;
}

/** What the nodes owe: undone entries, with `all` those that are done too. */
export const mailOutbox = operation({
  takes: z.object({ all: z.boolean().default(false) }),
  run: async ({ deployment }, { all }): Promise<OutboxAnswer> => {
    const owed = await deployment.outbox();
    const attempts = await deployment.attempts([...new Set(owed.filter(({ end }) => !end).map(({ node }) => node))]);
    const entries = owed.map((entry) => {
      const soFar = attempts.find(({ node, notificationId }) => node === entry.node && notificationId === entry.notification.id);
      const because = entry.end ? undefined : waitsBecause(deployment, entry);
      return { ...outboxView(entry, soFar), ...(because !== undefined && { waitsBecause: because }) };
    });
    if (all) return { entries };
    const undone = entries.filter(({ state }) => state === 'undone');
    return { entries: undone, neverSent: entries.filter(({ state }) => state === 'refused' || state === 'dead-lettered').length };
  },
});

/** A name that no node has would never match, so it is told at once. */
function checkSender({ nodes }: DeploymentHandle, { sentBy }: MailWanted): void {
  if (sentBy === undefined || nodes.some(({ name }) => name === sentBy)) return;
  throw noSuchNode(sentBy, nodes.map(({ name }) => name), '--sent-by');
}

// The longest that a timer of Node.js takes.
const longestWaitMs = 2 ** 31 - 1;

interface Patience {
  readonly count: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Ends the wait, too. */
  readonly quiet: Promise<void> | undefined;
}

/** The mails that fit, as soon as there are so many, or when the time is up. */
async function mailsWithin(deployment: DeploymentHandle, wanted: MailWanted, { count, timeoutMs, signal, quiet }: Patience): Promise<MailRecord[]> {
  const still = new AbortController();
  void quiet?.then(() => { still.abort(); }, () => undefined);
  const ended = AbortSignal.any([signal, still.signal, AbortSignal.timeout(Math.min(timeoutMs, longestWaitMs))]);
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

async function nextDueOf(deployment: DeploymentHandle): Promise<string | null> {
  const due = await deployment.nextDue();
  return due === undefined ? null : formatInstant(due);
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

function outboxView({ node, persona, notification, end }: OutboxEntry, soFar: AttemptsAt | undefined): OutboxView {
  const { id, purpose, template, to, at } = notification;
  const last = end ?? soFar;
  return {
    notificationId: id,
    node,
    persona,
    purpose,
    template,
    to,
    at: formatInstant(at),
    state: end?.end ?? 'undone',
    attempts: end?.attempts ?? soFar?.count ?? null,
    lastAttempt: last ? { at: formatInstant(last.at), outcome: last.outcome } : null,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => { signal.addEventListener('abort', () => { resolve(); }, { once: true }); });
}
