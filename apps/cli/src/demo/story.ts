import type { Deployment } from '@isesim/deployment';
import { dayMs, formatDate, formatDuration, purposeOf, rowOf, startOfDay, type GuestType, type Instant, type Template } from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import { timeText } from './time-text.ts';

/** One thing that happens, and the mail that must come of it. */
export interface Step {
  readonly title: string;
  /** What happens, in sentences of a line each. */
  readonly says: readonly string[];
  /** When, if the step has a moment of its own; else now. */
  readonly at?: Instant;
  readonly do: (deployment: Stage) => Promise<unknown>;
  readonly expects: readonly ExpectedMail[];
}

/** All that a step may do with the deployment. */
export type Stage = Pick<Deployment, 'ask' | 'advance' | 'holderOf'>;

export interface ExpectedMail {
  readonly template: Template;
  readonly to: string;
  /** The PSN whose portal was used: the node table leaves open which one serves. */
  readonly servedBy?: string;
}

const ana = 'ana@guest.example';
const anaValidForMs = 5 * dayMs;
const ben = 'ben@guest.example';

/** What happens in the demo: first what people and nodes do, then what only time brings. */
export function storyOf(topology: Topology): Step[] {
  const psns = topology.nodes.filter(({ personas }) => personas.includes('psn')).map(({ name }) => name);
  const sponsorPsn = first(psns, 'PSN');
  const guestPsn = psns[1] ?? sponsorPsn;
  const byTime = [...guestNotices(topology), anaNotice(topology, sponsorPsn), ...administratorReminders(topology), ...userReminders(topology)];
  return [
    sponsorCreatesGuest(topology, sponsorPsn),
    guestRegisters(topology, guestPsn),
    psnRaisesAlarm(topology, guestPsn),
    administratorTestsPortal(topology),
    ...byTime.sort((one, other) => one.at - other.at).map(whenTimeComes),
  ];
}

function sponsorCreatesGuest(topology: Topology, psn: string): Step {
  const sponsor = first(topology.sponsors, 'sponsor').name;
  const portal = portalOf(topology, 'sponsor');
  const type = first(topology.guestTypes, 'guest type').name;
  return {
    title: 'A sponsor creates a guest',
    says: [`${sponsor} gives ${ana} ${formatDuration(anaValidForMs)} of access at portal "${portal}" of ${psn}.`],
    do: (deployment) => deployment.ask(psn, 'create-guest', { portal, sponsor, type, email: ana, firstName: 'Ana', validForMs: anaValidForMs }),
    expects: [{ template: 'guest-credentials', to: ana, servedBy: psn }],
  };
}

function guestRegisters(topology: Topology, psn: string): Step {
  const portal = portalOf(topology, 'self-registration');
  return {
    title: 'A guest registers',
    says: [`${ben} fills in the portal "${portal}", which ${psn} serves.`],
    do: (deployment) => deployment.ask(psn, 'self-register', { portal, email: ben, firstName: 'Ben' }),
    expects: [{ template: 'guest-credentials', to: ben, servedBy: psn }],
  };
}

function psnRaisesAlarm({ administrators }: Topology, psn: string): Step {
  const host = 'ntp.contoso.example';
  const alarm = { name: 'DNS Resolution failure', severity: 'Warning', details: `${host} could not be resolved` } as const;
  return {
    title: 'A PSN raises an alarm',
    says: [`${psn} cannot resolve ${host} and raises "${alarm.name}".`],
    do: (deployment) => deployment.ask(psn, 'raise-alarm', alarm),
    expects: administrators.filter(({ systemAlarmsInEmail }) => systemAlarmsInEmail).map(({ email }) => ({ template: 'alarm', to: email })),
  };
}

function administratorTestsPortal(topology: Topology): Step {
  const { name, email } = first(topology.administrators, 'administrator');
  const portal = portalOf(topology, 'sponsor');
  return {
    title: 'An administrator tests the mail of a portal',
    says: [`${name} opens the page of the portal "${portal}" and presses "Send test email".`],
    do: (deployment) => deployment.ask(deployment.holderOf('primary PAN'), 'send-test-mail', { portal, to: email }),
    expects: [{ template: 'portal-test', to: email }],
  };
}

/** What falls due by itself. */
interface DueMail {
  readonly at: Instant;
  readonly title: string;
  readonly says: readonly string[];
  readonly template: Template;
  readonly to: string;
}

function whenTimeComes({ at, title, says, template, to }: DueMail): Step {
  return { title, says, at, do: (deployment) => deployment.advance(at), expects: [{ template, to }] };
}

function guestNotices({ guests, guestTypes }: Topology): DueMail[] {
  return guests.flatMap(({ count, type, createdAt, validForMs }, group) =>
    // The deployment names the guests that a topology describes so.
    Array.from({ length: count }, (_, index) => guestNotice(`guest${group + 1}-${index + 1}@guest.example`, named(guestTypes, type), createdAt + validForMs)),
  );
}

function anaNotice({ guestTypes, startTime }: Topology, psn: string): DueMail {
  const notice = guestNotice(ana, first(guestTypes, 'guest type'), startTime + anaValidForMs);
  const { sender } = rowOf(purposeOf(notice.template));
  return { ...notice, says: [...notice.says, `The credentials came from ${psn}; this mail is for the ${sender} to send.`] };
}

function guestNotice(to: string, { expiryNotice: { beforeMs } }: GuestType, validTo: Instant): DueMail {
  return {
    at: validTo - beforeMs,
    title: 'Guest access is about to expire',
    says: [`${to} has access until ${timeText(validTo)}; notice is due ${formatDuration(beforeMs)} before.`],
    template: 'guest-expiry-notice',
    to,
  };
}

function administratorReminders({ administrators, passwordPolicy }: Topology): DueMail[] {
  return administrators.map((account) => ({
    ...passwordReminder(account, passwordPolicy.administrators),
    title: 'The password of an administrator is about to expire',
    template: 'admin-password-reminder',
  }));
}

function userReminders({ internalUsers, passwordPolicy }: Topology): DueMail[] {
  return internalUsers
    .filter(({ passwordNeverExpires }) => !passwordNeverExpires)
    .map((account) => ({
      ...passwordReminder(account, passwordPolicy.internalUsers),
      title: 'The password of an internal user is about to expire',
      template: 'user-password-reminder',
    }));
}

function passwordReminder(
  { name, email, passwordChanged }: { readonly name: string; readonly email: string; readonly passwordChanged: Instant },
  { lifetimeDays, reminderDays }: { readonly lifetimeDays: number; readonly reminderDays: number },
): Pick<DueMail, 'at' | 'says' | 'to'> {
  const expires = passwordChanged + lifetimeDays * dayMs;
  return {
    at: startOfDay(expires - reminderDays * dayMs),
    says: [`The password of ${name} expires on ${formatDate(expires)}; a reminder is due ${reminderDays} days before.`],
    to: email,
  };
}

function portalOf({ portals }: Topology, type: Topology['portals'][number]['type']): string {
  return first(portals.filter((portal) => portal.type === type), `${type} portal`).name;
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  return first(all.filter((each) => each.name === name), name);
}

function first<T>(all: readonly T[], what: string): T {
  const [found] = all;
  if (found === undefined) throw new RangeError(`the topology of the demo has no ${what}`);
  return found;
}
