import type { PageField } from './page-problem.ts';

/** The fields of the SMTP Server page. */
export const smtpServerFields: Readonly<Record<string, PageField>> = {
  host: { label: 'SMTP Server', flag: '--host smtp.office365.com' },
  port: { label: 'SMTP Port', flag: '--port 587' },
  connectionTimeoutMs: { label: 'Connection Timeout', flag: '--connection-timeout 60' },
  tls: { label: 'Use TLS/SSL Encryption', flag: '--tls true' },
  authentication: { label: 'Use Authentication', flag: '--authentication exchange-online-oauth' },
  'authentication.emailAddress': { label: 'Email Address (Username)', flag: '--email-address no-reply@contoso.onmicrosoft.com' },
  'authentication.clientId': { label: 'Client ID', flag: '--client-id 7d8f0c1e-1111-4222-8333-444455556666' },
  'authentication.tenantId': { label: 'Tenant ID', flag: '--tenant-id 2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff' },
  'authentication.clientSecret': { label: 'Client Secret', flag: '--client-secret-file secret.txt', isSecret: true },
  'authentication.expiryDate': { label: 'Expiry Date', flag: '--expiry-date 2027-02-01' },
  'authentication.username': { label: 'User Name', flag: '--username no-reply@contoso.onmicrosoft.com' },
  'authentication.password': { label: 'Password', flag: '--password-file password.txt', isSecret: true },
};
