import { alarmKind, dayMs, formatDate, secretAlarms, startOfDay, type HeldConfiguration, type Instant } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { watchPlan, type PlannedLooks, type PlanWatch } from './planned-looks.ts';

/** The Expiry Date of the client secret on the SMTP Server page, and when to tell of it. */
export interface SecretExpiry {
  readonly expires: Instant;
  /** When that page was saved: a date that had passed then is found at the next midnight. */
  readonly savedAt: Instant;
  /** When the days were last settled, by either page: what fell due before, of the days before the date, is not told any more. */
  readonly daysSince: Instant;
  readonly daysBefore: readonly number[];
  /** From the last of these days on every day, until it has expired. */
  readonly daily: boolean;
}

/** One look at the date, at midnight UTC, that finds something to tell. */
export interface DueAlarm {
  readonly name: (typeof secretAlarms)[keyof typeof secretAlarms];
  readonly due: Instant;
}

/**
 * Raises the two alarms of the client secret by the Expiry Date that was typed, whatever Entra ID has. Which node raises them, and
 * when, is not documented: here the primary PAN, which has the page, at midnight UTC.
 */
export function watchSecretExpiry(node: IseNode): PlanWatch {
  const looks: PlannedLooks<SecretExpiry | undefined> = {
    plan: () => secretExpiryOf(node.settings.held()),
    look: async (expiry, now) => {
      if (!expiry) return undefined;
      const overdue = latestDue(expiry, now);
      if (overdue) await raise(node, expiry, overdue, now);
      return nextDue(expiry, now)?.due;
    },
  };
  return watchPlan(node, 'alarms of the client secret', () => Promise.resolve(looks));
}

/** Undefined when there is no secret, or no date of it. */
export function secretExpiryOf({ pages, writtenAt }: Pick<HeldConfiguration, 'pages' | 'writtenAt'>): SecretExpiry | undefined {
  const authentication = pages['smtp-server']?.authentication;
  const notification = pages['alarm-notification'];
  if (authentication?.type !== 'exchange-online-oauth' || authentication.expiryDate === undefined || !notification) return undefined;
  const { clientSecretDays, clientSecretDaily } = notification;
  const savedAt = writtenAt['smtp-server'] ?? 0;
  const daysSince = Math.max(savedAt, writtenAt['alarm-notification'] ?? 0);
  return { expires: authentication.expiryDate, savedAt, daysSince, daysBefore: clientSecretDays, daily: clientSecretDaily };
}

/** What should have been told by `now`, of what is due since the pages were saved. */
export function latestDue(expiry: SecretExpiry, now: Instant): DueAlarm | undefined {
  if (now >= expiredDue(expiry)) return expired(expiry);
  const latest = Math.max(...firstDays(expiry).filter((due) => due <= now), ...(isDaily(expiry, now) ? [startOfDay(now)] : []));
  return latest >= expiry.daysSince && latest < expiry.expires ? { name: secretAlarms.aboutToExpire, due: latest } : undefined;
}

/** What is told next after `now`. */
export function nextDue(expiry: SecretExpiry, now: Instant): DueAlarm | undefined {
  const tomorrow = startOfDay(now) + dayMs;
  const next = Math.min(...firstDays(expiry).filter((due) => due > now), ...(isDaily(expiry, tomorrow) ? [tomorrow] : []));
  if (next < expiry.expires) return { name: secretAlarms.aboutToExpire, due: next };
  return now < expiredDue(expiry) ? expired(expiry) : undefined;
}

function firstDays({ expires, daysBefore }: SecretExpiry): Instant[] {
  return daysBefore.map((days) => startOfDay(expires - days * dayMs));
}

function isDaily(expiry: SecretExpiry, at: Instant): boolean {
  return expiry.daily && at >= Math.max(...firstDays(expiry)) && expiry.daysBefore.length > 0;
}

function expired(expiry: SecretExpiry): DueAlarm {
  return { name: secretAlarms.expired, due: expiredDue(expiry) };
}

/** A date that has passed when it is saved is found at the next midnight. */
function expiredDue({ expires, savedAt }: SecretExpiry): Instant {
  const day = startOfDay(Math.max(expires, savedAt));
  return day < Math.max(expires, savedAt) ? day + dayMs : day;
}

function raise(node: IseNode, { expires }: SecretExpiry, { name, due }: DueAlarm, now: Instant): Promise<void> {
  const daysLeft = Math.ceil((expires - now) / dayMs);
  const left = daysLeft > 0 ? `, in ${daysLeft} day${daysLeft === 1 ? '' : 's'}` : '';
  // That it has expired is told once of a date: the midnight at which it is found moves when the page is saved again.
  const id = name === secretAlarms.expired ? `client-secret-expired-${expires}` : `client-secret-expires-${expires}-${formatDate(due)}`;
  return node.raiseAlarmOf(id, { name, severity: alarmKind(name).severity, details: `Expiry Date ${formatDate(expires)}${left}` });
}
