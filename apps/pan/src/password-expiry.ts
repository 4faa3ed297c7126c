import { dayMs, formatDate, startOfDay, type InternalUser, type Instant, type Notification, type Page } from '@isesim/domain';
import type { IseNode, ReleaseDuty } from '@isesim/node';
import { adminPasswordReminderData, userPasswordReminderData } from '@isesim/notifications';

/** An account whose password expires, administrator or internal user. */
export interface PasswordHolder {
  readonly kind: 'admin' | 'user';
  readonly name: string;
  readonly email: string;
  readonly expires: Instant;
  readonly reminderDays: number;
}

export interface PasswordExpiryWatch {
  /** Takes the duty up: sends what is overdue. Returns what ends it. */
  begin(): Promise<ReleaseDuty>;
}

/** Reminds of passwords just after midnight UTC, by the policy that is held then. */
export function watchPasswordExpiry(node: IseNode): PasswordExpiryWatch {
  const looks = new Set<() => void>();
  node.settings.onChange(() => {
    for (const look of looks) look();
  });
  return { begin: () => remind(node, looks) };
}

/** One term of the duty; `looks` is told of every change of the settings. */
async function remind(node: IseNode, looks: Set<() => void>): Promise<ReleaseDuty> {
  const { clock } = node.world;
  const users = await internalUsers(node);
  let cancel: () => void = () => undefined;
  let ended = false;
  let busy = false;
  let followed = '';
  // Each reminder is durable before the next one is told: meanwhile the duty may have moved, and the rest with it.
  const lost = () => ended || !node.holds('primary PAN');
  const isFollowed = () => JSON.stringify(planOf(node, users)) === followed;
  const lookAt = (due: Instant) => {
    cancel();
    if (Number.isFinite(due) && !lost()) cancel = clock.at(due, 'password reminders', round);
  };

  const round = async () => {
    busy = true;
    const { holders, rhythm } = planOf(node, users);
    followed = JSON.stringify({ holders, rhythm });
    const now = clock.now();
    try {
      for (const holder of holders) {
        const due = latestDue(holder, rhythm, now);
        if (due !== undefined && !lost()) await node.notify(reminder(node, holder, due));
      }
    } finally {
      busy = false;
    }
    lookAt(isFollowed() ? Math.min(...holders.map((holder) => nextDue(holder, rhythm, now) ?? Infinity)) : clock.now());
  };
  // Not here and now: who changes the policy does not wait for reminders.
  const look = () => { if (!busy && !isFollowed()) lookAt(clock.now()); };

  looks.add(look);
  await round();
  return () => {
    ended = true;
    looks.delete(look);
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

/** Who is reminded, and how often. */
function planOf(node: IseNode, users: readonly InternalUser[]): { holders: PasswordHolder[]; rhythm: Page<'password-policy'>['reminders'] } {
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
