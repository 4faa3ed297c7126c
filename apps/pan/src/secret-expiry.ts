import { alarmKind, dayMs, formatDate, secretAlarms, startOfDay, type HeldConfiguration, type Instant } from '@isesim/domain';
import type { IseNode, ReleaseDuty } from '@isesim/node';

/** The Expiry Date of the client secret on the SMTP Server page, and when to tell of it. */
export interface SecretExpiry {
  readonly expires: Instant;
  /** When the page was saved: what fell due before is not told any more. */
  readonly savedAt: Instant;
  readonly daysBefore: readonly number[];
  /** From the last of these days on every day, until it has expired. */
  readonly daily: boolean;
}

/** One look at the date, at midnight UTC, that finds something to tell. */
export interface DueAlarm {
  readonly name: (typeof secretAlarms)[keyof typeof secretAlarms];
  readonly due: Instant;
}

export interface SecretExpiryWatch {
  /** Takes the duty up: raises what is overdue. Returns what ends it. */
  begin(): Promise<ReleaseDuty>;
}

/**
 * Raises the two alarms of the client secret by the Expiry Date that was typed, whatever Entra ID has. Which node raises them, and
 * when, is not documented: here the primary PAN, which has the page, at midnight UTC.
 */
export function watchSecretExpiry(node: IseNode): SecretExpiryWatch {
  const { clock } = node.world;
  let cancel: () => void = () => undefined;
  let holding = false;
  let looked: SecretExpiry | undefined;

  const look = async () => {
    const expiry = secretExpiryOf(node.settings.held());
    looked = expiry;
    if (!expiry) return;
    const now = clock.now();
    const overdue = latestDue(expiry, now);
    if (overdue) await raise(node, expiry, overdue, now);
    lookAt(nextDue(expiry, now)?.due);
  };
  const lookAt = (due: Instant | undefined) => {
    cancel();
    if (holding && due !== undefined) cancel = clock.at(due, 'alarms of the client secret', look);
  };

  node.settings.onChange((held) => {
    // Not here and now: who changes the page does not wait for an alarm.
    if (JSON.stringify(secretExpiryOf(held)) !== JSON.stringify(looked)) lookAt(clock.now());
  });
  return {
    begin: async () => {
      holding = true;
      await look();
      return () => {
        holding = false;
        cancel();
      };
    },
  };
}

/** Undefined when there is no secret, or no date of it. */
export function secretExpiryOf({ pages, writtenAt }: Pick<HeldConfiguration, 'pages' | 'writtenAt'>): SecretExpiry | undefined {
  const authentication = pages['smtp-server']?.authentication;
  const notification = pages['alarm-notification'];
  if (authentication?.type !== 'exchange-online-oauth' || authentication.expiryDate === undefined || !notification) return undefined;
  const { clientSecretDays, clientSecretDaily } = notification;
  return { expires: authentication.expiryDate, savedAt: writtenAt['smtp-server'] ?? 0, daysBefore: clientSecretDays, daily: clientSecretDaily };
}

/** What should have been told by `now`, of what is due since the page was saved. */
export function latestDue(expiry: SecretExpiry, now: Instant): DueAlarm | undefined {
  if (now >= expiredDue(expiry)) return expired(expiry);
  const latest = Math.max(...firstDays(expiry).filter((due) => due <= now), ...(isDaily(expiry, now) ? [startOfDay(now)] : []));
  return latest >= expiry.savedAt && latest < expiry.expires ? { name: secretAlarms.aboutToExpire, due: latest } : undefined;
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
  const id = `client-secret-${name === secretAlarms.expired ? 'expired' : 'expires'}-${expires}-${formatDate(due)}`;
  return node.raiseAlarmOf(id, { name, severity: alarmKind(name).severity, details: `Expiry Date ${formatDate(expires)}${left}` });
}
