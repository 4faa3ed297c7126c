import type { ProxySettings } from '@isesim/domain';

/** The Proxy page as a person reads it. */
export function proxyText(proxy: ProxySettings | null): string {
  if (!proxy) return 'no proxy: tokens and mail go the direct way';
  const bypass = proxy.bypass.length === 0 ? '' : `, but not to ${proxy.bypass.join(', ')}`;
  return `tokens and mail go through ${proxy.host}:${proxy.port}${bypass}`;
}

/** The Trusted Certificates page, a certificate a line. */
export function trustedCertificatesText(certificates: readonly { readonly name: string; readonly roles: readonly string[] }[]): string {
  if (certificates.length === 0) return 'no certificate is trusted';
  const width = Math.max(...certificates.map(({ name }) => name.length));
  return certificates.map(({ name, roles }) => `${name.padEnd(width)}  ${roles.length === 0 ? 'trusted for nothing' : roles.join(', ')}`).join('\n');
}
