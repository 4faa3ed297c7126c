import type { Instant } from '@isesim/domain';

/*
 * What a topology file that leaves a field out stands for. In the words of the file, so that one definition serves the
 * reader, the JSON Schema and the rules.
 */

/** The simulated instant at boot of a scenario or test whose file names none; the day of the logs that isesim is modelled on. */
export const fixedStartTime: Instant = Date.UTC(2026, 1, 2, 5);

/** The Microsoft 365 tenant that everything fits when the file names none, and the mailbox ISE sends from. */
export const contoso = {
  tenantId: '2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff',
  domain: 'contoso.onmicrosoft.com',
  mailboxName: 'no-reply',
  application: {
    name: 'isesim',
    clientId: '7d8f0c1e-1111-4222-8333-444455556666',
    applicationObjectId: '0a0a0a0a-0000-4000-8000-000000000001',
    enterpriseObjectId: '0b0b0b0b-0000-4000-8000-000000000002',
  },
  clientSecret: 'demo-secret',
} as const;

/** Six months: what the Entra admin center offers first for a new secret. */
export const secretLifetimeDays = 180;

export const exchangeOnline = { host: 'smtp.office365.com', port: 587 } as const;

/** ISE's own defaults of the SMTP Server page. */
export const iseSmtpServer = {
  port: 25,
  connectionTimeout: '60s',
  tls: false,
  authentication: { type: 'none' as const },
};

export const iseVersion = '3.5P1';
export const domain = 'ise.example';

// Lifetimes and reminders of an administrator's password are ISE's as people remember them; Cisco's pages name neither.
export const passwordPolicy = {
  administrators: { lifetimeDays: 45, reminderDays: 30 },
  internalUsers: { lifetimeDays: 60, reminderDays: 10 },
} as const;

export const administrators = [{ name: 'admin', email: 'admin@contoso.example', systemAlarmsInEmail: true }];

export const sponsors = [{ name: 'sponsoruser', email: 'sponsor@contoso.example', group: 'ALL_ACCOUNTS' as const }];

/** A Contractor's in ISE. */
export const guestTypeMaxDays = 90;

/** ISE's own: off, three days. */
export const expiryNotice = { enabled: false, before: '3d' };

export const guestTypes = [
  // ISE leaves the notice off. Our built-in Contractor has it on, so that guest-expiry mail happens without more settings.
  { name: 'Contractor', maxDays: guestTypeMaxDays, expiryNotice: { enabled: true, before: '3d' } },
  { name: 'Daily', maxDays: 5, expiryNotice },
  { name: 'Weekly', maxDays: 14, expiryNotice },
];

export const portals = [
  { name: 'self-registered', type: 'self-registration' as const, requireApproval: false },
  { name: 'sponsor', type: 'sponsor' as const, requireApproval: false },
];
