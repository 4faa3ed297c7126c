import { dayMs, formatDate, startOfDay, type InternalUser, type Instant, type Notification, type Page } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { adminPasswordReminderData, userPasswordReminderData } from '@isesim/notifications';

/** An account whose password expires, administrator or internal user. */
export interface PasswordHolder {
  readonly kind: 'admin' | 'user';
  readonly name: string;
  readonly email: string;
  readonly expires: Instant;
  readonly reminderDays: number;
}

/** Sends password reminders just after midnight UTC, and at once what is overdue when the duty is taken up. */
export async function remindOfPasswordExpiry(node: IseNode): Promise<() => void> {
  const { clock } = node.world;
  const users = await internalUsers(node);
  let cancel: () => void = () => undefined;
  let ended = false;
  // Each reminder is durable before the next one is told: meanwhile the duty may have moved, and the rest with it.
  const lost = () => ended || !node.holds('primary PAN');

  const round = async () => {
    const holders = passwordHolders(node, users);
    const rhythm = node.page('password-policy').reminders;
    const now = clock.now();
    for (const holder of holders) {
      if (lost()) return;
      const due = latestDue(holder, rhythm, now);
      if (due !== undefined) await node.notify(reminder(node, holder, due));
    }
    const next = Math.min(...holders.map((holder) => nextDue(holder, rhythm, now) ?? Infinity));
    if (Number.isFinite(next) && !lost()) cancel = clock.at(next, 'password reminders', round);
  };
  await round();
  return () => {
    ended = true;
    cancel();
  };
}

/** The reminder that should have been sent by `now`, while the password has not expired; the first midnight of its day. */
export function latestDue({ expires, reminderDays }: PasswordHolder, rhythm: 'once' | 'daily', now: Instant): Instant | undefined {
  const first = startOfDay(expires - reminderDays * dayMs);
  if (now < first || now >= expires) return undefined;
  return rhythm === 'once' ? first : startOfDay(now);
}

/** The next reminder after `now`. */
export function nextDue({ expires, reminderDays }: PasswordHolder, rhythm: 'once' | 'daily', now: Instant): Instant | undefined {
  const first = startOfDay(expires - reminderDays * dayMs);
  if (now < first) return first;
  const tomorrow = startOfDay(now) + dayMs;
  return rhythm === 'daily' && tomorrow < expires ? tomorrow : undefined;
}

function passwordHolders(node: IseNode, users: readonly InternalUser[]): PasswordHolder[] {
  const policy = node.page('password-policy');
  const holder = (kind: PasswordHolder['kind'], rule: Page<'password-policy'>['administrators'], account: { name: string; email: string; passwordChanged: Instant }) => ({
    kind,
    name: account.name,
    email: account.email,
    expires: account.passwordChanged + rule.lifetimeDays * dayMs,
    reminderDays: rule.reminderDays,
  });
  return [
    ...node.page('administrators').administrators.map((each) => holder('admin', policy.administrators, each)),
    ...users.filter(({ passwordNeverExpires }) => !passwordNeverExpires).map((each) => holder('user', policy.internalUsers, each)),
  ];
}

async function internalUsers(node: IseNode): Promise<InternalUser[]> {
  const users: InternalUser[] = [];
  for await (const account of node.accounts()) if (account.kind === 'internal-user') users.push(account.user);
  return users;
}

function reminder(node: IseNode, holder: PasswordHolder, due: Instant): Notification {
  const now = node.world.clock.now();
  const daysLeft = Math.ceil((holder.expires - now) / dayMs);
  const id = `password-expiry-${holder.kind}-${holder.name.replace(/[^A-Za-z0-9_-]/g, '_')}-${formatDate(due)}`;
  return {
    id,
    purpose: 'password-expiry',
    template: holder.kind === 'admin' ? 'admin-password-reminder' : 'user-password-reminder',
    to: [holder.email],
    data: (holder.kind === 'admin' ? adminPasswordReminderData : userPasswordReminderData)(holder.name, holder.expires, daysLeft),
    traceId: node.world.random.text(`trace ${id}`, 16),
    at: now,
  };
}
