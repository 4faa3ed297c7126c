import { dayMs, formatDate, startOfDay, type InternalUser, type Instant, type Notification, type Page } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { adminPasswordReminderData, userPasswordReminderData } from '@isesim/notifications';
import { watchPlan, type PlanWatch } from './planned-looks.ts';

/** An account whose password expires, administrator or internal user. */
export interface PasswordHolder {
  readonly kind: 'admin' | 'user';
  readonly name: string;
  readonly email: string;
  readonly expires: Instant;
  readonly reminderDays: number;
}

/** Reminds of passwords just after midnight UTC, by the policy that is held then. */
export function watchPasswordExpiry(node: IseNode): PlanWatch {
  return watchPlan(node, 'password reminders', async () => {
    const users = await internalUsers(node);
    return { plan: () => planOf(node, users), look: (plan, now, goesOn) => remind(node, plan, now, goesOn) };
  });
}

/** Who is reminded, and how often. */
interface ReminderPlan {
  readonly holders: readonly PasswordHolder[];
  readonly rhythm: Page<'password-policy'>['reminders'];
}

async function remind(node: IseNode, { holders, rhythm }: ReminderPlan, now: Instant, goesOn: () => boolean): Promise<Instant | undefined> {
  for (const holder of holders) {
    const due = latestDue(holder, rhythm, now);
    if (due !== undefined && goesOn()) await node.notify(reminder(node, holder, due));
  }
  const next = Math.min(...holders.map((holder) => nextDue(holder, rhythm, now) ?? Infinity));
  return Number.isFinite(next) ? next : undefined;
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

function planOf(node: IseNode, users: readonly InternalUser[]): ReminderPlan {
  return { holders: passwordHolders(node, users), rhythm: node.page('password-policy').reminders };
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
