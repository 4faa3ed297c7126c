import type { Attempt, Clock, Mail, MailEnd, Outcome, Random, SmtpServerSettings } from '@isesim/domain';
import { endOf, nextStep, spread, type RetryLimits } from './next-step.ts';

export interface Delivery {
  /** The settings that the node holds at this moment, with their revision; undefined while the SMTP server is not configured. */
  readonly settingsNow: () => { readonly settings: SmtpServerSettings; readonly revision: number } | undefined;
  /** The mail as these settings make it; its Message-ID is the same each time. */
  readonly compose: () => Mail;
  /** Asked just before MAIL FROM: does this node still hold the duty? */
  readonly mayBegin: () => boolean;
  readonly sendOnce: (mail: Mail, settings: SmtpServerSettings, attempt: { freshToken: boolean; mayBegin: () => boolean }) => Promise<Outcome>;
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  /** How another has ended this mail meanwhile: asked before each attempt but the first of what is new. */
  readonly endedElsewhere?: () => Promise<MailEnd | undefined>;
  /** Another may have seen to it already, as after a start, or when a duty has moved. */
  readonly isOld?: boolean;
  readonly onAttempt?: (mail: Mail, attempts: readonly Attempt[]) => void;
  readonly limits?: RetryLimits;
}

/**
 * Sees one mail through to its end, its own or another's: the only loop there is. Undefined: the duty moved on, or there is no SMTP
 * server to send it to.
 */
export async function deliver(notificationId: string, delivery: Delivery): Promise<MailEnd | undefined> {
  const attempts: Attempt[] = [];
  for (;;) {
    const held = delivery.settingsNow();
    if (!held) return undefined;
    if (attempts.length > 0 || delivery.isOld === true) {
      // Whoever has lost the duty need not even ask.
      if (!delivery.mayBegin()) return undefined;
      const ended = await delivery.endedElsewhere?.();
      if (ended) return ended;
    }
    const { settings, revision } = held;
    const mail = delivery.compose();
    const freshToken = attempts.at(-1)?.outcome.kind === 'unauthorized';
    const outcome = await delivery.sendOnce(mail, settings, { freshToken, mayBegin: delivery.mayBegin });
    attempts.push({ at: delivery.clock.now(), outcome, settingsRevision: revision });
    delivery.onAttempt?.(mail, attempts);
    const step = nextStep(attempts, delivery.limits);
    if (step === 'stop') return mailEnd(notificationId, attempts, delivery.limits);
    const fraction = delivery.random.fraction(`wait ${attempts.length} of mail ${notificationId}`);
    await delivery.clock.sleep({ ms: spread(step, fraction) });
  }
}

function mailEnd(notificationId: string, attempts: readonly Attempt[], limits?: RetryLimits): MailEnd | undefined {
  const last = attempts.at(-1);
  const end = endOf(attempts, limits);
  if (!last || !end) return undefined;
  return { notificationId, end, outcome: last.outcome, attempts: attempts.length, settingsRevision: last.settingsRevision, at: last.at };
}
