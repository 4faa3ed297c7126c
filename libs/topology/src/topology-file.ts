import { announcedBasicAuthenticationEnd, certificateRoles, exchangeLimits, faultDefaults, formatDuration, formatInstant, importableCertificates, mailboxConditions, minuteMs, roles, secondMs, secretAlarmDaysMax, secretAlarmDefaults, secretAlarms } from '@isesim/domain';
import * as z from 'zod';
import * as defaults from './defaults.ts';
import {
  choice,
  connectionTimeout,
  duration,
  flag,
  guid,
  host,
  hostLabel,
  hostName,
  ipAddress,
  label,
  list,
  lowerCaseName,
  mailAddress,
  map,
  moment,
  secret,
  share,
  someTime,
  text,
  variants,
  whole,
} from './field-types.ts';
import { either } from './wording.ts';

/*
 * The format of a topology file: the one definition of its fields, from which come the types, the checks, the messages
 * and the JSON Schema. What holds between fields is in node-rules.ts and settings-rules.ts.
 */

/** Fields whose value no message may show. */
export const secretFields: ReadonlySet<string | number> = new Set(['clientSecret', 'password', 'value']);

// An own limit, not ISE's: a slip in `count` should not start a million processes.
const countMax = 1_000;

const node = map({
  name: hostLabel.describe('Host name. With count, a number is added: psn becomes psn-1, psn-2 and so on'),
  pan: choice(roles).optional().describe('Administration persona, with its role'),
  mnt: choice(roles).optional().describe('Monitoring persona, with its role; at boot the primary is the active MnT'),
  psn: flag.optional().describe('Policy Service persona'),
  count: whole(1, countMax).optional().describe('So many nodes of this kind. Default: one, without a number'),
  fqdn: hostName.optional().describe('Name in DNS and in EHLO, for one node alone. Default: <name>.<domain>'),
  realAddress: ipAddress.optional().describe('Address of the real node that this one stands for, for one node alone. Nothing shows it yet'),
  nodeGroup: label.optional().describe('Group of PSNs that watch each other. No effect yet'),
});

const panFailover = map({
  healthCheckNodes: map({
    primary: hostLabel.describe('Watches the primary PAN'),
    secondary: hostLabel.describe('Watches the secondary PAN'),
  }).describe('Nodes without a PAN that watch the PANs'),
  pollingInterval: duration(30 * secondMs, 5 * minuteMs).default('120s').describe('From one look to the next'),
  failedAttempts: whole(2, 60).default(5).describe('After so many looks in vain the secondary PAN is promoted'),
});

const authentication = variants('type', [
  map({ type: z.literal('none').describe('none: no credentials') }),
  map({
    type: z.literal('password').describe('password: a user name and a password'),
    username: label.describe('User name'),
    password: secret.describe('Password'),
  }),
  map({
    type: z.literal('exchange-online-oauth').describe('exchange-online-oauth: a token from Entra ID'),
    emailAddress: mailAddress.describe('Email Address (Username): the mailbox that ISE authenticates for and sends from'),
    // Any text: a wrong id is a mistake that an administrator can make, and isesim shows what comes of it.
    clientId: label.describe('Application (client) ID'),
    tenantId: label.describe('Directory (tenant) ID'),
    clientSecret: secret.describe('Value of the client secret'),
    expiryDate: moment
      .optional()
      .describe(
        'Expiry date of the secret as the administrator typed it; Entra ID goes by it only where microsoft365 is left out. ' +
          'The two alarms of the client secret go by it',
      ),
  }),
]);

const port = whole(1, 65_535);

const smtpServer = map({
  host: host.describe('SMTP Server. Only smtp.office365.com leads anywhere, and the names that network.hosts has for it'),
  port: port.default(defaults.iseSmtpServer.port).describe('SMTP Port; Exchange Online listens on 587 alone'),
  connectionTimeout: connectionTimeout
    .default(defaults.iseSmtpServer.connectionTimeout)
    .describe('Connection Timeout: so long ISE waits for each answer of the mail server and of Entra ID; a bare number counts seconds, as in ISE'),
  tls: flag.default(defaults.iseSmtpServer.tls).describe('Use TLS/SSL Encryption. false: no STARTTLS, and Exchange answers 451 5.7.3'),
  authentication: authentication.default(defaults.iseSmtpServer.authentication).describe('Use Authentication'),
});

const proxy = map({
  host: host.describe("Proxy server. Any name leads to the deployment's own proxy, which leads to Entra ID and Exchange Online"),
  port: port.describe('Its port'),
  bypass: list(hostName).default([]).describe('Hosts that are reached without it, and domains all of whose hosts are'),
});

const trustedCertificates = z.union(
  [
    z.literal('default'),
    list(
      map({
        certificate: choice(importableCertificates).describe('A root: that of Entra ID or that of Exchange Online'),
        roles: list(choice(certificateRoles)).describe('What it is trusted for; infrastructure is trust for authentication within ISE, which mail needs'),
      }),
    ),
  ],
  'write default, or a list of { certificate, roles }',
);

function passwordRule(days: { readonly lifetimeDays: number; readonly reminderDays: number }) {
  return map({
    lifetimeDays: whole(1, 3650).default(days.lifetimeDays).describe('Days from the change of a password to its expiry'),
    reminderDays: whole(1, 3650)
      .default(days.reminderDays)
      .describe('The reminder goes so many days before expiry, at 00:00 UTC; less than lifetimeDays'),
  }).prefault({});
}

const passwordPolicy = map({
  administrators: passwordRule(defaults.passwordPolicy.administrators).describe('Passwords of administrators'),
  internalUsers: passwordRule(defaults.passwordPolicy.internalUsers).describe('Passwords of internal users'),
  from: mailAddress.optional().describe("From of password reminders. Default: the default 'From' address of guestEmail"),
  // How often ISE reminds is not documented; once is our default.
  reminders: choice(['once', 'daily']).default('once').describe('One reminder for a password, or one each day until it expires'),
});

const administrator = map({
  name: label.describe('User name'),
  email: mailAddress.describe('Where password reminders go, and alarms'),
  systemAlarmsInEmail: flag.default(false).describe('Include system alarms in emails'),
  passwordChanged: moment.optional().describe('When the password was last changed. Default: the start time'),
});

const internalUser = map({
  name: label.describe('User name'),
  email: mailAddress.describe('Where password reminders go'),
  passwordChanged: moment.optional().describe('When the password was last changed. Default: the start time'),
  passwordNeverExpires: flag.default(false).describe('No reminder'),
});

const sponsor = map({
  name: label.describe('User name'),
  email: mailAddress.describe('Mail to the guests of this sponsor comes from here, where guestEmail.useSponsorAddress says so'),
  group: choice(['ALL_ACCOUNTS', 'GROUP_ACCOUNTS', 'OWN_ACCOUNTS'])
    .default('OWN_ACCOUNTS')
    .describe('Sponsor group. No effect yet: every sponsor may create guests'),
});

const guestType = map({
  name: label.describe('Name of the guest type'),
  maxDays: whole(1, 999).default(defaults.guestTypeMaxDays).describe('Longest validity; also that of a guest for whom none is asked'),
  expiryNotice: map({
    enabled: flag.default(defaults.expiryNotice.enabled).describe('Tell guests before their access ends'),
    before: someTime.default(defaults.expiryNotice.before).describe('So long before the end; of a shorter validity, at its begin'),
  }).prefault({}).describe('Account expiration notification'),
});

const guests = map({
  count: whole(1, 100_000).default(1).describe('So many guests of this kind'),
  type: label.describe('Name of a guest type'),
  created: moment.optional().describe('When access began. Default: the start time'),
  validFor: someTime.optional().describe('How long it lasts. Default: as long as the guest type allows'),
});

const portal = map({
  name: label.describe('Name of the portal'),
  type: choice(['self-registration', 'sponsor']).describe('Whether guests register there, or sponsors create them'),
  requireApproval: flag.default(false).describe('Guests who register wait for approval'),
});

const mailbox = map({
  address: mailAddress.describe('Address of the mailbox'),
  password: secret.optional().describe('Password of the user who owns it. Default: none, and nobody gets in by password'),
  authenticatedSmtp: flag
    .nullable()
    .default(true)
    .describe('Authenticated SMTP. false: AUTH is answered with 535 5.7.139; null: the mailbox goes by smtpClientAuthenticationDisabled'),
  permissions: list(
    map({
      servicePrincipal: label.describe('Name of an application, its client ID or its enterprise object ID; a mailbox goes by its address'),
      rights: choice(['FullAccess', 'SendAs', 'ReadPermission']).default('FullAccess').describe('The right given; SendAs is for mail from this mailbox by another'),
    }),
  )
    .optional()
    .describe('What Add-MailboxPermission and Add-RecipientPermission gave. Default: FullAccess for every application'),
  condition: choice(mailboxConditions)
    .optional()
    .describe('What keeps it from sending: no room for sent mail, a sender blocked for spam, or a policy that refuses the sign-in. Default: nothing'),
});

const application = map({
  name: label.describe('Display name'),
  clientId: guid.describe('Application (client) ID'),
  applicationObjectId: guid.describe('Object ID on the App registrations page'),
  enterpriseObjectId: guid.describe('Object ID on the Enterprise applications page: the one that Exchange wants'),
  secrets: list(
    map({
      value: secret.describe('Value of the secret'),
      keyId: guid.optional().describe('Secret ID, which is often typed for the value. Default: one that follows from the seed'),
      expires: moment.optional().describe(`When Entra ID stops taking it. Default: ${defaults.secretLifetimeDays} days after the day of the start`),
    }),
  )
    .default([])
    .describe('Client secrets; several can be valid at once'),
  permissions: list(label).default(['SMTP.SendAsApp']).describe('Application permissions; Exchange Online asks for SMTP.SendAsApp'),
  delegatedPermissions: list(label).default([]).describe('Delegated permissions, as the User.Read that the admin center adds; they let no application in'),
  adminConsent: flag.default(true).describe('Admin consent. false: tokens come without roles'),
});

const wait = duration().default('0s');

function limit(max: number, usual: number) {
  return z.union([z.literal('off'), whole(1, max)], `write a whole number from 1 to ${max}, or off`).default(usual);
}

function timeLimit(usualMs: number) {
  return z.union([z.literal('off'), someTime], 'write a duration above 0s, as 20m, or off').default(formatDuration(usualMs));
}

const megabyte = 1024 * 1024;

const mailboxLimits = map({
  concurrentSubmissions: limit(1_000, exchangeLimits.concurrentSubmissions).describe('Messages under way at once; one more is answered with 432 4.3.2'),
  messagesPerMinute: limit(100_000, exchangeLimits.messagesPerMinute).describe('Messages delivered in a minute; more are accepted and delivered later'),
  recipientsPerDay: limit(10_000_000, exchangeLimits.recipientsPerDay).describe('Recipients in 24 hours; a message beyond is refused with 554 5.2.0'),
  recipientsPerMessage: limit(100_000, exchangeLimits.recipientsPerMessage).describe('Recipients of a message; one more is answered with 452 4.5.3'),
  messageSizeMegabytes: limit(150, exchangeLimits.messageSizeBytes / megabyte).describe('Size of a message; a larger one is refused with 552 5.3.4'),
  sessionLength: timeLimit(exchangeLimits.sessionLengthMs).describe('After so long Exchange Online ends a session with 421 4.4.1, but for the message under way'),
  sessionIdle: timeLimit(exchangeLimits.sessionIdleMs).describe('After so long without a command Exchange Online ends a session with 421 4.4.1'),
  sendAsDenials: limit(1_000, exchangeLimits.sendAsDenials).describe('SendAs errors within an hour; after that all is refused with 550 5.2.252'),
});

const microsoft365 = map({
  tenantId: guid.optional().describe('Directory (tenant) ID. Default: that of smtpServer'),
  domain: hostName.optional().describe('Initial domain. Default: that of the mailbox of smtpServer'),
  mailboxes: list(mailbox).optional().describe('Mailboxes. Default: the one of smtpServer'),
  applications: list(application).optional().describe('App registrations. Default: one that fits smtpServer'),
  servicePrincipals: list(
    map({
      appId: guid.describe('Application (client) ID'),
      objectId: guid.describe('Object ID; Exchange lets an application in only with that of its enterprise application'),
    }),
  )
    .optional()
    .describe('What New-ServicePrincipal told Exchange. Default: every application, with its enterprise object ID'),
  smtpClientAuthenticationDisabled: flag
    .default(true)
    .describe("Set-TransportConfig: true turns SMTP AUTH off for mailboxes that say nothing themselves, as in every tenant made since 2020"),
  basicAuthenticationEnds: moment
    .optional()
    .describe(`From then on user name and password are answered with 550 5.7.30. Default: ${formatInstant(announcedBasicAuthenticationEnd)}`),
  propagation: wait.describe('From a change in the tenant until Exchange Online goes by it; 15 to 60 minutes with Microsoft'),
  latency: map({
    token: wait.describe('From a request for a token to its answer'),
    connect: wait.describe('From the credentials to the answer to AUTH'),
    submit: wait.describe('From the end of a message to the answer'),
    refusal: wait.describe('From the credentials to a refusal at AUTH; with Exchange about 5 s'),
  }).prefault({}).describe('Simulated durations'),
  limits: z
    .union([z.literal('off'), mailboxLimits], `write off, or a map of ${either(Object.keys(mailboxLimits.shape))}`)
    .prefault({})
    .describe('What Exchange Online allows each mailbox, counted over all nodes in simulated time. off: everything'),
});

const faultTarget = {
  node: hostLabel.optional().describe('The node that meets it. Default: all nodes'),
  to: hostName.describe('On the way to this host: one of the names that ISE uses, or `nats` for the way to the other nodes'),
};

const howOften = { count: whole(1, 1_000_000).optional().describe('So many times. Default: until it is healed') };

const fault = variants('fault', [
  map({
    ...faultTarget,
    fault: z
      .enum(['timeout', 'hang', 'untrusted'])
      .describe(
        'timeout: connecting gets no answer; hang: connections open and stay silent; untrusted: the certificate chain presented there is not trusted',
      ),
  }),
  map({
    ...faultTarget,
    fault: z.literal('reset').describe('reset: connections are reset'),
    after: choice(['connect', 'data'])
      .default(faultDefaults.after)
      .describe('connect: when one is asked for; data: when a whole message or request has gone out, before its answer arrives'),
  }),
  map({
    ...faultTarget,
    fault: z.literal('slow').describe('slow: connecting and every answer are late'),
    delay: someTime.default(formatDuration(faultDefaults.delayMs)).describe('How late'),
  }),
  map({
    ...faultTarget,
    fault: z.literal('loss').describe('loss: part of what is sent is lost, and sent again after 1 s, 2 s, 4 s and so on'),
    rate: share.default(faultDefaults.rate).describe('Which part; 1: everything'),
  }),
  map({
    ...faultTarget,
    fault: z.literal('wrong-dns').describe('wrong-dns: the name is not found, or leads elsewhere'),
    address: z
      .ipv4('write an IPv4 address')
      .meta({ title: 'IPv4 address' })
      .optional()
      .describe('Where it leads. Nobody is there: 127.0.0.1 refuses, others do not answer. Default: it is not found'),
  }),
  map({
    fault: z.enum(['token-429', 'token-503']).describe('token-: Entra ID answers with this code'),
    ...howOften,
    retryAfter: someTime.optional().describe('Retry-After of the answer. Default: what Entra ID usually says'),
  }),
  map({
    fault: z.enum(['exchange-421', 'exchange-432', 'exchange-451']).describe('exchange-: Exchange Online answers with this code'),
    ...howOften,
    stage: choice(['connect', 'auth', 'mail', 'rcpt', 'data']).optional().describe('Where Exchange Online answers so. Default: where it usually does'),
  }),
]);

export const topologyFileSchema = map({
  name: lowerCaseName(40).describe('Name of the deployment'),
  domain: hostName.default(defaults.domain).describe("A node's FQDN is <name>.<domain>"),
  iseVersion: text(/^\d{1,2}\.\d{1,2}(P\d{1,3})?$/, 'write version and patch in quotes, as "3.5P1"')
    .meta({ title: 'version and patch' })
    .default(defaults.iseVersion)
    .describe('OAuth needs 3.2P8, 3.3P8, 3.4P4, 3.5P1 or later. No other effect'),
  startTime: moment.optional().describe(`Simulated time at boot. Default: now for the isesim command, ${formatInstant(defaults.fixedStartTime)} in tests`),
  limits: choice(['on', 'off']).default('on').describe("off: more PSNs than ISE's 50, for experiments"),
  nodes: list(node).min(1, 'write at least one node').describe('The nodes and their personas'),
  panFailover: panFailover.optional().describe('Automatic promotion of the secondary PAN. Default: off'),
  network: map({
    hosts: z
      .record(hostName, hostName, 'write a map of host names')
      .meta({ title: 'map of host names' })
      .default({})
      .describe("Other names by which a node reaches smtp.office365.com or login.microsoftonline.com, as a CNAME of one's own leads there; their certificates name them not"),
  }).prefault({}).describe('What the nodes can reach'),
  smtpServer: smtpServer
    .optional()
    .describe('SMTP Server page; counts as tested and saved. Default: Exchange Online with OAuth, everything in order'),
  proxy: proxy.nullable().default(null).describe('Proxy page. Tokens and mail go through it, and faults on the way to a host then stand on a way that is not taken'),
  trustedCertificates: trustedCertificates
    .default('default')
    .describe('Trusted Certificates page; default stands for the roots of Entra ID and Exchange Online'),
  alarmNotification: map({
    from: mailAddress.optional().describe('From of alarms. Default: the mailbox'),
    additionalRecipients: list(mailAddress).default([]).describe('Get every alarm, besides the administrators who asked for them'),
    clientSecretDays: list(whole(1, secretAlarmDaysMax))
      .default([...secretAlarmDefaults.days])
      .describe(`Days before the expiry date of the client secret on which the alarm "${secretAlarms.aboutToExpire}" is raised, at midnight UTC`),
    clientSecretDaily: flag.default(secretAlarmDefaults.daily).describe('From the last of these days on it is raised every day, until the secret has expired'),
  }).prefault({}).describe('Alarm Notification page'),
  guestEmail: map({
    enabled: flag.default(true).describe('Enable email notifications to guests'),
    from: mailAddress.optional().describe("Default 'From' address; here also that of test mail, and of password reminders where their policy names none. Default: the mailbox"),
    useSponsorAddress: flag.default(false).describe("Mail to a sponsored guest comes from the sponsor's address. Exchange Online then wants SendAs for it: Add-RecipientPermission"),
  }).prefault({}).describe('Guest Email Settings page'),
  passwordPolicy: passwordPolicy.prefault({}).describe('Password policies'),
  administrators: list(administrator).default(defaults.administrators).describe('Administrators of ISE'),
  internalUsers: list(internalUser).default([]).describe('Network access users in the internal store'),
  sponsors: list(sponsor).default(defaults.sponsors).describe('Sponsors; the first one creates a guest for whom none is named'),
  guestTypes: list(guestType).default(defaults.guestTypes).describe('Guest types; the first one is that of a guest for whom none is named'),
  guests: list(guests).default([]).describe('Guests that exist from the start, made without mail: guest1-1@guest.example and so on'),
  portals: list(portal).default(defaults.portals).describe('Portals, served by every PSN'),
  microsoft365: microsoft365.optional().describe('The tenant of the double. Default: one that fits smtpServer, everything in order'),
  faults: list(fault).default([]).describe('Faults that are present from the start'),
});

/** A checked file, defaults filled in, still in its own words (durations and dates as text). */
export type TopologyFile = z.output<typeof topologyFileSchema>;
export type FileNode = TopologyFile['nodes'][number];
