import { expect, test } from 'vitest';
import { dayMs, Secret } from '@isesim/domain';
import { parseTopology } from './parse-topology.ts';
import { TopologyError } from './topology-error.ts';

// Where the format leaves a choice, it is not the value that a field has when it is left out.
const everyField = `name: medium
domain: lab.example
iseVersion: "3.5P1"
startTime: 2026-03-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: secondary }
  - { name: ise-2, pan: secondary, mnt: primary }
  - { name: psn, psn: true, count: 6 }
panFailover:
  healthCheckNodes: { primary: psn-1, secondary: psn-2 }
  pollingInterval: 120s
  failedAttempts: 5
smtpServer:
  host: smtp.office365.com
  port: 587
  connectionTimeout: 60s
  tls: true
  authentication:
    type: exchange-online-oauth
    emailAddress: no-reply@contoso.onmicrosoft.com
    clientId: 7d8f0c1e-1111-4222-8333-444455556666
    tenantId: 2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff
    clientSecret: \${ENTRA_CLIENT_SECRET:-demo-secret}
    expiryDate: 2026-03-15
proxy: null
trustedCertificates: default
alarmNotification: { from: alarms@contoso.example, additionalRecipients: [noc@contoso.example], clientSecretDays: [60, 14], clientSecretDaily: false }
guestEmail: { enabled: false, from: guests@contoso.example, useSponsorAddress: true }
passwordPolicy:
  from: passwords@contoso.example
  administrators: { lifetimeDays: 90, reminderDays: 14 }
  internalUsers: { lifetimeDays: 30, reminderDays: 5 }
  reminders: daily
administrators:
  - { name: root, email: root@contoso.example, systemAlarmsInEmail: false, passwordChanged: 2026-01-20 }
internalUsers:
  - { name: jdoe, email: jdoe@contoso.example, passwordChanged: 2026-01-20, passwordNeverExpires: true }
sponsors:
  - { name: reception, email: reception@contoso.example, group: GROUP_ACCOUNTS }
guestTypes:
  - { name: Visitor, maxDays: 40, expiryNotice: { enabled: true, before: 2d } }
guests:
  - { count: 100, type: Visitor, created: 2026-02-01T09:00:00Z, validFor: 30d }
portals:
  - { name: lobby, type: self-registration, requireApproval: false }
  - { name: desk, type: sponsor }
microsoft365:
  tenantId: 2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff
  domain: contoso.onmicrosoft.com
  mailboxes:
    - { address: no-reply@contoso.onmicrosoft.com, authenticatedSmtp: true, permissions: [{ servicePrincipal: isesim, rights: FullAccess }] }
  applications:
    - name: isesim
      clientId: 7d8f0c1e-1111-4222-8333-444455556666
      applicationObjectId: 0a0a0a0a-0000-4000-8000-000000000001
      enterpriseObjectId: 0b0b0b0b-0000-4000-8000-000000000002
      secrets: [{ value: "\${ENTRA_CLIENT_SECRET:-demo-secret}", expires: 2026-03-15 }]
      permissions: [SMTP.SendAsApp]
      adminConsent: true
  servicePrincipals: [{ appId: 7d8f0c1e-1111-4222-8333-444455556666, objectId: 0b0b0b0b-0000-4000-8000-000000000002 }]
  latency: { token: 0s, connect: 0s, submit: 0s }
faults:
  - { node: psn-2, to: smtp.office365.com, fault: timeout }
`;

test('a file with every field of the format is right, but for what is not supported yet', () => {
  expect(() => parseTopology(everyField, { file: 'medium.yaml', env: {} })).toThrow(
    new TopologyError([
      mistake(9, 'panFailover', 'panFailover is not supported yet; leave it out'),
    ]),
  );
});

test('without that it is a topology, field by field', () => {
  const supported = everyField.replace(/panFailover:\n( .*\n)+/, '');
  const { nodes, smtpServer, guests, microsoft365, ...rest } = parseTopology(supported, { file: 'medium.yaml', env: { ENTRA_CLIENT_SECRET: 's3cret' } });
  expect(rest).toEqual({
    name: 'medium',
    domain: 'lab.example',
    iseVersion: '3.5P1',
    startTime: Date.UTC(2026, 2, 2, 5),
    limits: 'on',
    network: { hosts: {} },
    proxy: null,
    trustedCertificates: 'default',
    alarmNotification: { from: 'alarms@contoso.example', additionalRecipients: ['noc@contoso.example'], clientSecretDays: [60, 14], clientSecretDaily: false },
    guestEmail: { enabled: false, from: 'guests@contoso.example', useSponsorAddress: true },
    passwordPolicy: {
      from: 'passwords@contoso.example',
      administrators: { lifetimeDays: 90, reminderDays: 14 },
      internalUsers: { lifetimeDays: 30, reminderDays: 5 },
      reminders: 'daily',
    },
    administrators: [{ name: 'root', email: 'root@contoso.example', systemAlarmsInEmail: false, passwordChanged: Date.UTC(2026, 0, 20) }],
    internalUsers: [{ name: 'jdoe', email: 'jdoe@contoso.example', passwordChanged: Date.UTC(2026, 0, 20), passwordNeverExpires: true }],
    sponsors: [{ name: 'reception', email: 'reception@contoso.example', group: 'GROUP_ACCOUNTS' }],
    guestTypes: [{ name: 'Visitor', maxDays: 40, expiryNotice: { enabled: true, beforeMs: 2 * dayMs } }],
    portals: [
      { name: 'lobby', type: 'self-registration', requireApproval: false },
      { name: 'desk', type: 'sponsor', requireApproval: false },
    ],
    faults: [{ node: 'psn-2', to: 'smtp.office365.com', fault: 'timeout' }],
  });
  expect(nodes.map(({ name }) => name)).toEqual(['ise-1', 'ise-2', 'psn-1', 'psn-2', 'psn-3', 'psn-4', 'psn-5', 'psn-6']);
  expect(guests).toEqual([{ count: 100, type: 'Visitor', createdAt: Date.UTC(2026, 1, 1, 9), validForMs: 30 * dayMs }]);
  const secret = new Secret('s3cret');
  expect(smtpServer.authentication).toMatchObject({ type: 'exchange-online-oauth', expiryDate: Date.UTC(2026, 2, 15) });
  expect(smtpServer.authentication.type === 'exchange-online-oauth' && smtpServer.authentication.clientSecret.equals(secret)).toBe(true);
  expect(microsoft365.applications[0]?.secrets[0]?.value.equals(secret)).toBe(true);
  expect(microsoft365.servicePrincipals).toEqual([
    { appId: '7d8f0c1e-1111-4222-8333-444455556666', objectId: '0b0b0b0b-0000-4000-8000-000000000002' },
  ]);
});

function mistake(line: number, path: string, message: string) {
  return { file: 'medium.yaml', line, column: 1, path, message };
}
