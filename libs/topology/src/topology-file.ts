import { minuteMs, roles, secondMs } from '@isesim/domain';
import { z } from 'zod';
import * as defaults from './defaults.ts';
import {
  choice,
  duration,
  flag,
  guid,
  hostLabel,
  hostName,
  label,
  list,
  lowerCaseName,
  mailAddress,
  map,
  moment,
  secret,
  someTime,
  text,
  variants,
  whole,
} from './field-types.ts';

/*
 * The format of a topology file: the one definition of its fields, from which come the types, the checks, the messages
 * and the JSON Schema. What holds between fields is in node-rules.ts and settings-rules.ts.
 */

/** Fields whose value no message may show. */
export const secretFields: ReadonlySet<string | number> = new Set(['clientSecret', 'password', 'value']);

// An own limit, not ISE's: a slip in `count` should not start a million processes.
const countMax = 1_000;

const node = map({
  name: hostLabel.describe('Host name. With count, a number is added: psn becomes psn-1, psn-2 …'),
  pan: choice(roles).optional().describe('Administration persona, with its role'),
  mnt: choice(roles).optional().describe('Monitoring persona, with its role; at boot the primary is the active MnT'),
  psn: flag.optional().describe('Policy Service persona'),
  count: whole(1, countMax).optional().describe('So many nodes of this kind'),
  fqdn: hostName.optional().describe('Default: <name>.<domain>'),
  realAddress: z
    .union([z.ipv4(), z.ipv6()], 'write an IP address, as 192.0.2.10')
    .optional()
    .describe('Address of the real node that this one stands for; shown in reports'),
  nodeGroup: label.optional().describe('Group of PSNs that watch each other'),
});

const panFailover = map({
  healthCheckNodes: map({ primary: hostLabel, secondary: hostLabel }).describe('Nodes without a PAN that watch each PAN'),
  pollingInterval: duration(30 * secondMs, 5 * minuteMs).default('120s'),
  failedAttempts: whole(2, 60).default(5),
});

const authentication = variants('type', [
  map({ type: z.literal('none') }),
  map({ type: z.literal('password'), username: label, password: secret }),
  map({
    type: z.literal('exchange-online-oauth'),
    emailAddress: mailAddress.describe('The mailbox that ISE sends from'),
    // Any text: a wrong id is a mistake that an administrator can make, and isesim shows what comes of it.
    clientId: label.describe('Application (client) ID'),
    tenantId: label.describe('Directory (tenant) ID'),
    clientSecret: secret.describe('Value of the client secret'),
    expiryDate: moment.optional().describe('As the administrator typed it; drives the two secret alarms'),
  }),
]);

const port = whole(1, 65_535);

const smtpServer = map({
  host: hostName,
  port: port.default(defaults.iseSmtpServer.port),
  connectionTimeout: someTime.default(defaults.iseSmtpServer.connectionTimeout),
  tls: flag.default(defaults.iseSmtpServer.tls).describe('false: no STARTTLS, and Exchange answers 451 5.7.3'),
  authentication: authentication.default(defaults.iseSmtpServer.authentication),
});

const proxy = map({ host: hostName, port, bypass: list(hostName).default([]) });

const trustedCertificates = z.union(
  [z.literal('default'), list(map({ certificate: label, roles: list(label) }))],
  'write default, or a list of { certificate, roles }',
);

function passwordRule(days: { readonly lifetimeDays: number; readonly reminderDays: number }) {
  return map({
    lifetimeDays: whole(1, 3650).default(days.lifetimeDays),
    reminderDays: whole(1, 3650).default(days.reminderDays).describe('Days before the password expires'),
  }).prefault({});
}

const passwordPolicy = map({
  administrators: passwordRule(defaults.passwordPolicy.administrators),
  internalUsers: passwordRule(defaults.passwordPolicy.internalUsers),
  // How often ISE reminds is not documented; once is our default.
  reminders: choice(['once', 'daily']).default('once'),
});

const administrator = map({
  name: label,
  email: mailAddress,
  systemAlarmsInEmail: flag.default(false).describe('Include system alarms in emails'),
  passwordChanged: moment.optional().describe('Default: the start time'),
});

const internalUser = map({
  name: label,
  email: mailAddress,
  passwordChanged: moment.optional().describe('Default: the start time'),
  passwordNeverExpires: flag.default(false),
});

const sponsor = map({
  name: label,
  email: mailAddress,
  group: choice(['ALL_ACCOUNTS', 'GROUP_ACCOUNTS', 'OWN_ACCOUNTS']).default('OWN_ACCOUNTS'),
});

const guestType = map({
  name: label,
  maxDays: whole(1, 999).default(defaults.guestTypeMaxDays),
  expiryNotice: map({
    enabled: flag.default(defaults.expiryNotice.enabled),
    before: someTime.default(defaults.expiryNotice.before).describe('So long before access ends'),
  }).prefault({}),
});

const guests = map({
  count: whole(1, 100_000).default(1),
  type: label.describe('Name of a guest type'),
  created: moment.optional().describe('Default: the start time'),
  validFor: someTime.optional().describe('Default: as long as the guest type allows'),
});

const portal = map({
  name: label,
  type: choice(['self-registration', 'sponsor']),
  requireApproval: flag.default(false),
});

const mailbox = map({
  address: mailAddress,
  authenticatedSmtp: flag.default(true),
  permissions: list(
    map({ servicePrincipal: label, rights: choice(['FullAccess', 'SendAs', 'ReadPermission']).default('FullAccess') }),
  )
    .optional()
    .describe('Default: FullAccess for every application'),
});

const application = map({
  name: label,
  clientId: guid,
  applicationObjectId: guid.describe('Object ID on the App registrations page'),
  enterpriseObjectId: guid.describe('Object ID on the Enterprise applications page: the one that Exchange wants'),
  secrets: list(map({ value: secret, expires: moment.optional().describe('Default: 180 days after the start') })).default([]),
  permissions: list(label).default(['SMTP.SendAsApp']),
  adminConsent: flag.default(true),
});

const wait = duration().default('0s');

const microsoft365 = map({
  tenantId: guid.optional(),
  domain: hostName.optional(),
  mailboxes: list(mailbox).optional(),
  applications: list(application).optional(),
  servicePrincipals: list(map({ appId: guid, objectId: guid }))
    .optional()
    .describe('What New-ServicePrincipal told Exchange. Default: every application, with its enterprise object ID'),
  latency: map({ token: wait, connect: wait, submit: wait }).prefault({}).describe('Simulated durations'),
});

const faultTarget = {
  node: hostLabel.optional().describe('Default: all nodes'),
  to: hostName.describe('A host name that ISE uses, or nats'),
};

const fault = variants('fault', [
  map({ ...faultTarget, fault: z.enum(['timeout', 'reset', 'hang', 'untrusted']) }),
  map({ ...faultTarget, fault: z.literal('slow'), delay: someTime.default('10s') }),
  map({ ...faultTarget, fault: z.literal('loss'), percent: whole(1, 100).default(10) }),
  map({ ...faultTarget, fault: z.literal('wrong-dns'), address: z.ipv4('write an IPv4 address').optional() }),
  map({ fault: z.enum(['token-429', 'token-503', 'exchange-421', 'exchange-432', 'exchange-451']) }),
]);

export const topologyFileSchema = map({
  name: lowerCaseName(40).describe('Name of the deployment'),
  domain: hostName.default(defaults.domain).describe("A node's FQDN is <name>.<domain>"),
  iseVersion: text(/^\d{1,2}\.\d{1,2}(P\d{1,3})?$/, 'write version and patch in quotes, as "3.5P1"')
    .default(defaults.iseVersion)
    .describe('OAuth needs 3.2P8, 3.3P8, 3.4P4, 3.5P1 or later'),
  startTime: moment.optional().describe('Simulated time at boot'),
  limits: choice(['on', 'off']).default('on').describe("off: more PSNs than ISE's 50, for experiments"),
  nodes: list(node).min(1, 'write at least one node'),
  panFailover: panFailover.optional().describe('Off unless given'),
  network: map({
    hosts: z.record(hostName, hostName, 'write a map of host names').default({}).describe('Other host names, and where they lead'),
  }).prefault({}),
  smtpServer: smtpServer.optional().describe('Default: Exchange Online with OAuth'),
  proxy: proxy.nullable().default(null),
  trustedCertificates: trustedCertificates.default('default'),
  alarmNotification: map({
    from: mailAddress.optional().describe('Default: the mailbox'),
    additionalRecipients: list(mailAddress).default([]),
  }).prefault({}),
  guestEmail: map({
    enabled: flag.default(true),
    from: mailAddress.optional().describe('Default: the mailbox'),
    useSponsorAddress: flag.default(false),
  }).prefault({}),
  passwordPolicy: passwordPolicy.prefault({}),
  administrators: list(administrator).default(defaults.administrators),
  internalUsers: list(internalUser).default([]),
  sponsors: list(sponsor).default(defaults.sponsors),
  guestTypes: list(guestType).default(defaults.guestTypes),
  guests: list(guests).default([]).describe('Guests that exist from the start, made without mail'),
  portals: list(portal).default(defaults.portals),
  microsoft365: microsoft365.optional().describe('Default: a tenant that fits smtpServer, everything in order'),
  faults: list(fault).default([]).describe('Present from the start'),
});

/** A checked file, defaults filled in, still in its own words (durations and dates as text). */
export type TopologyFile = z.output<typeof topologyFileSchema>;
export type FileNode = TopologyFile['nodes'][number];
