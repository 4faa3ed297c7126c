import { dayMs, exchangeLimits, hourMs, minuteMs, pageSchemas, Secret } from '@isesim/domain';
import { describe, expect, test } from 'vitest';
import { parseTopology } from './parse-topology.ts';

const oneNode = 'name: t\nnodes: [{ name: ise, pan: primary, mnt: primary, psn: true }]\n';
const monday = Date.UTC(2026, 1, 2, 5);

const parse = (text: string, startTime?: number) =>
  parseTopology(text, { file: 't.yaml', env: {}, ...(startTime !== undefined && { startTime }) });

describe('a file with name and nodes alone', () => {
  const topology = parse(oneNode);

  test('starts at a fixed instant, at the one given, or at its own', () => {
    expect(topology.startTime).toBe(monday);
    expect(parse(oneNode, 5).startTime).toBe(5);
    expect(parse(`${oneNode}startTime: 2026-03-01`, 5).startTime).toBe(Date.UTC(2026, 2, 1));
  });

  test('sends through Exchange Online with an application that fits', () => {
    expect(topology.smtpServer).toEqual({
      host: 'smtp.office365.com',
      port: 587,
      connectionTimeoutMs: minuteMs,
      tls: true,
      authentication: {
        type: 'exchange-online-oauth',
        emailAddress: 'no-reply@contoso.onmicrosoft.com',
        clientId: '7d8f0c1e-1111-4222-8333-444455556666',
        tenantId: '2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff',
        clientSecret: expect.any(Secret),
        expiryDate: Date.UTC(2026, 1, 2) + 180 * dayMs,
      },
    });
    expect(topology.microsoft365).toMatchObject({
      tenantId: '2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff',
      domain: 'contoso.onmicrosoft.com',
      mailboxes: [
        {
          address: 'no-reply@contoso.onmicrosoft.com',
          authenticatedSmtp: true,
          permissions: [{ servicePrincipal: 'isesim', rights: 'FullAccess' }],
        },
      ],
      applications: [{ name: 'isesim', clientId: '7d8f0c1e-1111-4222-8333-444455556666', permissions: ['SMTP.SendAsApp'], adminConsent: true }],
      servicePrincipals: [{ appId: '7d8f0c1e-1111-4222-8333-444455556666', objectId: '0b0b0b0b-0000-4000-8000-000000000002' }],
      latency: { tokenMs: 0, connectMs: 0, submitMs: 0 },
    });
  });

  test('has the accounts, guest types and portals that make every mail happen', () => {
    expect(topology).toMatchObject({
      domain: 'ise.example',
      iseVersion: '3.5P1',
      limits: 'on',
      proxy: null,
      trustedCertificates: 'default',
      alarmNotification: { from: 'no-reply@contoso.onmicrosoft.com', additionalRecipients: [] },
      guestEmail: { enabled: true, from: 'no-reply@contoso.onmicrosoft.com', useSponsorAddress: false },
      passwordPolicy: {
        administrators: { lifetimeDays: 45, reminderDays: 30 },
        internalUsers: { lifetimeDays: 60, reminderDays: 10 },
        reminders: 'once',
      },
      administrators: [{ name: 'admin', email: 'admin@contoso.example', systemAlarmsInEmail: true, passwordChanged: monday }],
      internalUsers: [],
      sponsors: [{ name: 'sponsoruser', email: 'sponsor@contoso.example', group: 'ALL_ACCOUNTS' }],
      guestTypes: [
        { name: 'Contractor', maxDays: 90, expiryNotice: { enabled: true, beforeMs: 3 * dayMs } },
        { name: 'Daily', maxDays: 5, expiryNotice: { enabled: false, beforeMs: 3 * dayMs } },
        { name: 'Weekly', maxDays: 14, expiryNotice: { enabled: false, beforeMs: 3 * dayMs } },
      ],
      guests: [],
      portals: [
        { name: 'self-registered', type: 'self-registration', requireApproval: false },
        { name: 'sponsor', type: 'sponsor', requireApproval: false },
      ],
      faults: [],
    });
  });

  test('has settings that are pages of the configuration', () => {
    const { smtpServer, alarmNotification, guestEmail, passwordPolicy, administrators, sponsors, guestTypes, portals } = topology;
    const pages = {
      'smtp-server': smtpServer,
      'alarm-notification': alarmNotification,
      'guest-email': guestEmail,
      'password-policy': passwordPolicy,
      administrators: { administrators },
      sponsors: { sponsors },
      'guest-types': { guestTypes },
      portals: { portals },
    } as const;
    for (const [name, page] of Object.entries(pages)) {
      expect(pageSchemas[name as keyof typeof pages].parse(page)).toEqual(page);
    }
  });
});

describe('nodes', () => {
  test('are numbered when there are several of a kind, and have a name in the domain', () => {
    const { nodes } = parse('name: t\ndomain: lab.example\nnodes:\n  - { name: ise, mnt: primary, pan: primary, fqdn: ise.corp.example }\n  - { name: psn, psn: true, count: 2 }');
    expect(nodes).toEqual([
      { name: 'ise', fqdn: 'ise.corp.example', personas: ['pan', 'mnt'], roles: { pan: 'primary', mnt: 'primary' } },
      { name: 'psn-1', fqdn: 'psn-1.lab.example', personas: ['psn'], roles: {} },
      { name: 'psn-2', fqdn: 'psn-2.lab.example', personas: ['psn'], roles: {} },
    ]);
  });

  test('have their personas in one order, and only those they have', () => {
    const { nodes } = parse('name: t\nnodes: [{ name: a, mnt: primary, psn: true, pan: primary }, { name: b, psn: false, pan: secondary }]');
    expect(nodes.map(({ personas }) => personas)).toEqual([['pan', 'psn', 'mnt'], ['pan']]);
  });
});

describe('an smtpServer that is given', () => {
  test("takes ISE's defaults for what it leaves out", () => {
    const topology = parse(`${oneNode}smtpServer: { host: relay.contoso.example }`);
    expect(topology.smtpServer).toEqual({
      host: 'relay.contoso.example',
      port: 25,
      connectionTimeoutMs: minuteMs,
      tls: false,
      authentication: { type: 'none' },
    });
    expect(topology.guestEmail.from).toBe('no-reply@contoso.onmicrosoft.com');
  });

  test('finds a tenant that fits it', () => {
    const { smtpServer, microsoft365, alarmNotification } = parse(`${oneNode}smtpServer:
  host: smtp.office365.com
  authentication:
    type: exchange-online-oauth
    emailAddress: ise@fabrikam.example
    clientId: 11111111-1111-4111-8111-111111111111
    tenantId: 22222222-2222-4222-8222-222222222222
    clientSecret: s3cret
    expiryDate: 2026-05-01`);
    expect(smtpServer.authentication).toMatchObject({ expiryDate: Date.UTC(2026, 4, 1) });
    expect(microsoft365).toMatchObject({
      tenantId: '22222222-2222-4222-8222-222222222222',
      domain: 'fabrikam.example',
      mailboxes: [{ address: 'ise@fabrikam.example' }],
      applications: [{ clientId: '11111111-1111-4111-8111-111111111111', secrets: [{ expires: Date.UTC(2026, 4, 1) }] }],
    });
    expect(microsoft365.applications[0]?.secrets[0]?.value.reveal()).toBe('s3cret');
    expect(alarmNotification.from).toBe('ise@fabrikam.example');
  });
});

test.each([
  ['host: SMTP.Office365.com, connectionTimeout: 90', 'SMTP.Office365.com', 90_000],
  ['host: smtp.office365.com., connectionTimeout: "90"', 'smtp.office365.com.', 90_000],
  ['host: 192.0.2.10, connectionTimeout: 2m', '192.0.2.10', 120_000],
  ['host: "2001:db8::10"', '2001:db8::10', 60_000],
])('an smtpServer is typed as on the page of ISE: %s', (fields, host, connectionTimeoutMs) => {
  expect(parse(`${oneNode}smtpServer: { ${fields} }`).smtpServer).toMatchObject({ host, connectionTimeoutMs });
});

test('a microsoft365 that is given finds an smtpServer that fits it', () => {
  const { smtpServer, microsoft365 } = parse(`${oneNode}microsoft365:
  domain: fabrikam.onmicrosoft.com
  mailboxes: [{ address: ise@fabrikam.onmicrosoft.com }]
  applications:
    - name: mailer
      clientId: 11111111-1111-4111-8111-111111111111
      applicationObjectId: 33333333-3333-4333-8333-333333333333
      enterpriseObjectId: 44444444-4444-4444-8444-444444444444
      secrets: [{ value: s3cret }]
  latency: { token: 0.76s }`);
  expect(smtpServer.authentication).toMatchObject({
    emailAddress: 'ise@fabrikam.onmicrosoft.com',
    clientId: '11111111-1111-4111-8111-111111111111',
    tenantId: microsoft365.tenantId,
  });
  expect(microsoft365).toMatchObject({
    mailboxes: [{ permissions: [{ servicePrincipal: 'mailer', rights: 'FullAccess' }] }],
    servicePrincipals: [{ appId: '11111111-1111-4111-8111-111111111111', objectId: '44444444-4444-4444-8444-444444444444' }],
    latency: { tokenMs: 760, connectMs: 0, submitMs: 0 },
  });
});

test('what Exchange Online allows a mailbox is as with Exchange, limit by limit as written, or nothing holds', () => {
  const limitsOf = (written: string) => parse(`${oneNode}microsoft365: ${written}`).microsoft365.limits;
  expect(limitsOf('{}')).toEqual(exchangeLimits);
  expect(parse(oneNode).microsoft365.limits).toEqual(exchangeLimits);
  expect(limitsOf('{ limits: off }')).toEqual({});
  const { messagesPerMinute: _, sessionIdleMs: __, ...rest } = exchangeLimits;
  expect(limitsOf('{ limits: { concurrentSubmissions: 5, messagesPerMinute: off, sessionLength: 90s, sessionIdle: off, messageSizeMegabytes: 1 } }')).toEqual({
    ...rest,
    concurrentSubmissions: 5,
    sessionLengthMs: 90_000,
    messageSizeBytes: 1_048_576,
  });
});

test('a mistake in the tenant on purpose stays: the wrong object id, a missing permission', () => {
  const { microsoft365 } = parse(`${oneNode}microsoft365:
  mailboxes: [{ address: a@b.example, permissions: [], condition: full }]
  servicePrincipals: [{ appId: 7d8f0c1e-1111-4222-8333-444455556666, objectId: 0a0a0a0a-0000-4000-8000-000000000001 }]`);
  expect(microsoft365.mailboxes[0]).toMatchObject({ permissions: [], condition: 'full' });
  expect(microsoft365.servicePrincipals[0]?.objectId).toBe('0a0a0a0a-0000-4000-8000-000000000001');
});

test('a tenant can be empty, to be administered from the start', () => {
  const { microsoft365 } = parse(`${oneNode}microsoft365: { mailboxes: [], applications: [], servicePrincipals: [] }`);
  expect(microsoft365).toMatchObject({ mailboxes: [], applications: [], servicePrincipals: [], smtpClientAuthenticationDisabled: true, propagationMs: 0 });
});

test('of a tenant SMTP AUTH, propagation, SendAs, delegated permissions and secret ids can be given', () => {
  const { microsoft365 } = parse(`${oneNode}microsoft365:
  smtpClientAuthenticationDisabled: false
  propagation: 30m
  mailboxes:
    - { address: a@b.example, authenticatedSmtp: null }
    - { address: c@b.example, permissions: [{ servicePrincipal: a@b.example, rights: SendAs }, { servicePrincipal: mailer }] }
  applications:
    - name: mailer
      clientId: 11111111-1111-4111-8111-111111111111
      applicationObjectId: 33333333-3333-4333-8333-333333333333
      enterpriseObjectId: 44444444-4444-4444-8444-444444444444
      permissions: []
      delegatedPermissions: [User.Read]
      secrets: [{ value: s3cret, keyId: 55555555-5555-4555-8555-555555555555 }]`);
  expect(microsoft365).toMatchObject({
    smtpClientAuthenticationDisabled: false,
    propagationMs: 30 * 60_000,
    mailboxes: [{ authenticatedSmtp: null }, { permissions: [{ servicePrincipal: 'mailer', rights: 'FullAccess' }], sendAs: ['a@b.example'] }],
    applications: [{ permissions: [], delegatedPermissions: ['User.Read'], secrets: [{ keyId: '55555555-5555-4555-8555-555555555555' }] }],
  });
});

describe('a page with user name and password', () => {
  const page = (username: string) => `${oneNode}smtpServer: { host: smtp.office365.com, authentication: { type: password, username: ${username}, password: p } }\n`;

  test('finds a mailbox with that password, whose address mail is from', () => {
    const { microsoft365, alarmNotification } = parse(page('ise@fabrikam.example'));
    expect(microsoft365).toMatchObject({ domain: 'fabrikam.example', mailboxes: [{ address: 'ise@fabrikam.example', authenticatedSmtp: true }] });
    expect(microsoft365.mailboxes[0]?.password?.reveal()).toBe('p');
    expect(alarmNotification.from).toBe('ise@fabrikam.example');
  });

  test('finds the usual mailbox, without a password, where the user name is no address', () => {
    const [mailbox] = parse(page('relay')).microsoft365.mailboxes;
    expect(mailbox?.address).toBe('no-reply@contoso.onmicrosoft.com');
    expect(mailbox?.password).toBeUndefined();
  });
});

test('of a tenant the passwords of mailboxes and the end of Basic authentication can be given', () => {
  const { microsoft365 } = parse(`${oneNode}microsoft365: { basicAuthenticationEnds: 2026-02-09, mailboxes: [{ address: a@b.example, password: p }] }`);
  expect(microsoft365.basicAuthenticationEnds).toBe(Date.UTC(2026, 1, 9));
  expect(microsoft365.mailboxes[0]?.password?.reveal()).toBe('p');
  expect(JSON.stringify(microsoft365.mailboxes[0])).toContain('"password":"***"');
});

test('guests and passwords without a date begin at the start, and a guest stays as long as the type allows', () => {
  const { guests, internalUsers } = parse(
    `${oneNode}guests:
  - { type: Daily }
  - { type: Weekly, count: 7, created: 2026-01-30T09:00:00+01:00, validFor: 36h }
internalUsers: [{ name: jdoe, email: jdoe@contoso.example }]`,
    monday,
  );
  expect(guests).toEqual([
    { count: 1, type: 'Daily', createdAt: monday, validForMs: 5 * dayMs },
    { count: 7, type: 'Weekly', createdAt: Date.UTC(2026, 0, 30, 8), validForMs: 36 * hourMs },
  ]);
  expect(internalUsers).toEqual([
    { name: 'jdoe', email: 'jdoe@contoso.example', passwordChanged: monday, passwordNeverExpires: false },
  ]);
});

test('a proxy, the trusted certificates and a user name are taken as they are written', () => {
  const { proxy, trustedCertificates, smtpServer } = parseTopology(
    `name: t
nodes: [{ name: ise-1, pan: primary, mnt: primary, psn: true }]
proxy: { host: proxy.contoso.example, port: 8080, bypass: [office365.com] }
trustedCertificates: [{ certificate: entra-root, roles: [infrastructure, endpoints] }]
smtpServer: { host: smtp.office365.com, port: 587, tls: true, authentication: { type: password, username: u, password: p } }
`,
    { file: 't.yaml', env: {} },
  );
  expect(proxy).toEqual({ host: 'proxy.contoso.example', port: 8080, bypass: ['office365.com'] });
  expect(trustedCertificates).toEqual([{ certificate: 'entra-root', roles: ['infrastructure', 'endpoints'] }]);
  expect(smtpServer.authentication).toMatchObject({ type: 'password', username: 'u' });
  expect(smtpServer.authentication.type === 'password' && smtpServer.authentication.password.reveal()).toBe('p');
});

test('a certificate or a role that there is not is told, with those that there are', () => {
  const lines = 'name: t\nnodes: [{ name: ise-1, pan: primary, mnt: primary, psn: true }]\ntrustedCertificates: [{ certificate: entra-rot, roles: [infra] }]\n';
  expect(() => parseTopology(lines, { file: 't.yaml', env: {} })).toThrow(/entra-root/);
});
