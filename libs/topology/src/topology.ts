import {
  dayMs,
  parseFault,
  type Administrator,
  type CertificateRole,
  type DeploymentNode,
  type Fault,
  type GuestType,
  type ImportableCertificate,
  type Instant,
  type InternalUser,
  type Page,
  type Portal,
  type SmtpServerSettings,
  type Tenant,
} from '@isesim/domain';
import { instantOf, msOf } from './checked-text.ts';
import { contoso } from './defaults.ts';
import { smtpServerOf, tenantOf } from './mail-service.ts';
import { expandNodes } from './nodes.ts';
import type { TopologyFile } from './topology-file.ts';

/** A checked topology, all defaults filled in. Instants are milliseconds UTC, durations milliseconds. */
export interface Topology {
  readonly name: string;
  readonly domain: string;
  readonly iseVersion: string;
  readonly startTime: Instant;
  readonly limits: 'on' | 'off';
  readonly nodes: readonly TopologyNode[];
  readonly panFailover?: PanFailover;
  readonly network: { readonly hosts: Readonly<Record<string, string>> };
  readonly smtpServer: SmtpServerSettings;
  readonly proxy: Proxy | null;
  readonly trustedCertificates: 'default' | readonly TrustedCertificate[];
  readonly alarmNotification: Page<'alarm-notification'>;
  readonly guestEmail: Page<'guest-email'>;
  readonly passwordPolicy: Page<'password-policy'>;
  readonly administrators: readonly Administrator[];
  readonly internalUsers: readonly InternalUser[];
  readonly sponsors: Page<'sponsors'>['sponsors'];
  readonly guestTypes: readonly GuestType[];
  readonly guests: readonly GuestGroup[];
  readonly portals: readonly Portal[];
  readonly microsoft365: Tenant;
  readonly faults: readonly Fault[];
}

/** A node before the deployment gives it an address. */
export interface TopologyNode extends Omit<DeploymentNode, 'address'> {
  readonly realAddress?: string;
  readonly nodeGroup?: string;
}

export interface PanFailover {
  readonly healthCheckNodes: { readonly primary: string; readonly secondary: string };
  readonly pollingIntervalMs: number;
  readonly failedAttempts: number;
}

export interface Proxy {
  readonly host: string;
  readonly port: number;
  readonly bypass: readonly string[];
}

export interface TrustedCertificate {
  readonly certificate: ImportableCertificate;
  readonly roles: readonly CertificateRole[];
}

/** So many guests of one kind, made before the start and without mail. */
export interface GuestGroup {
  readonly count: number;
  readonly type: string;
  readonly createdAt: Instant;
  readonly validForMs: number;
}

/** `startTime` counts when the file names none. */
export function topologyOf(file: TopologyFile, startTimeDefault: Instant): Topology {
  const startTime = instantOf(file.startTime) ?? startTimeDefault;
  const { name, domain, iseVersion, limits, network, proxy, trustedCertificates, portals, sponsors, faults } = file;
  const smtpServer = smtpServerOf(file, startTime);
  const microsoft365 = tenantOf(file.microsoft365, smtpServer, startTime);
  const mailbox = senderOf(smtpServer, microsoft365);
  return {
    name,
    domain,
    iseVersion,
    startTime,
    limits,
    nodes: expandNodes(file.nodes, domain),
    ...(file.panFailover && { panFailover: panFailoverOf(file.panFailover) }),
    network,
    smtpServer,
    proxy,
    trustedCertificates,
    alarmNotification: { ...file.alarmNotification, from: file.alarmNotification.from ?? mailbox },
    guestEmail: { ...file.guestEmail, from: file.guestEmail.from ?? mailbox },
    passwordPolicy: file.passwordPolicy,
    administrators: file.administrators.map((each) => ({ ...each, passwordChanged: instantOf(each.passwordChanged) ?? startTime })),
    internalUsers: file.internalUsers.map((each) => ({ ...each, passwordChanged: instantOf(each.passwordChanged) ?? startTime })),
    sponsors,
    guestTypes: file.guestTypes.map(guestTypeOf),
    guests: file.guests.map((each) => guestGroupOf(each, file, startTime)),
    portals,
    microsoft365,
    faults: faults.map(parseFault),
  };
}

/** What mail is from when the file does not say: the mailbox that may send. */
function senderOf({ authentication }: SmtpServerSettings, { mailboxes, domain }: Tenant): string {
  if (authentication.type === 'exchange-online-oauth') return authentication.emailAddress;
  return mailboxes[0]?.address ?? `${contoso.mailboxName}@${domain}`;
}

function panFailoverOf({ pollingInterval, ...given }: NonNullable<TopologyFile['panFailover']>): PanFailover {
  return { ...given, pollingIntervalMs: msOf(pollingInterval) };
}

function guestTypeOf({ name, maxDays, expiryNotice }: TopologyFile['guestTypes'][number]): GuestType {
  return { name, maxDays, expiryNotice: { enabled: expiryNotice.enabled, beforeMs: msOf(expiryNotice.before) } };
}

function guestGroupOf(
  { count, type, created, validFor }: TopologyFile['guests'][number],
  { guestTypes }: TopologyFile,
  startTime: Instant,
): GuestGroup {
  const maxDays = guestTypes.find(({ name }) => name === type)?.maxDays ?? 0;
  const validForMs = validFor === undefined ? maxDays * dayMs : msOf(validFor);
  return { count, type, createdAt: instantOf(created) ?? startTime, validForMs };
}
