import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { Trace, TracedCertificate } from '@isesim/domain';

/** Tells a trace which chain `host` presents over `socket`, and whether it is trusted. To be called before the handshake. */
export function traceTls(socket: TLSSocket, host: string, trusted: readonly string[], trace: Trace): void {
  let chain: TracedCertificate[] = [];
  let protocol: string | null = null;
  let told = false;
  const tell = (failed?: string) => {
    if (told) return;
    told = true;
    trace({ step: 'tls', host, chain, ...(protocol !== null && { protocol }), ...(failed !== undefined && { failed }) });
  };
  // Node.js emits this when the handshake is done, and its own listener destroys a socket whose chain is not trusted.
  socket.prependOnceListener('secure', () => {
    chain = chainOf(socket, trusted);
    protocol = socket.getProtocol();
  });
  socket.prependOnceListener('secureConnect', () => { tell(); });
  socket.prependOnceListener('error', (error: NodeJS.ErrnoException) => { tell(error.code ?? error.message); });
}

/** The leaf first; behind what is presented stands the trusted root, if there is one. */
function chainOf(socket: TLSSocket, trusted: readonly string[]): TracedCertificate[] {
  const known = new Set(trusted.map((pem) => new X509Certificate(pem).fingerprint256));
  const seen = new Set<string>();
  const chain: TracedCertificate[] = [];
  // getPeerX509Certificate, asked so early, would spoil the check of the name that follows.
  let next: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  while (next?.raw && !seen.has(next.fingerprint256 ?? '')) {
    seen.add(next.fingerprint256 ?? '');
    chain.push(tracedCertificate(new X509Certificate(next.raw), known));
    next = next.issuerCertificate;
  }
  return chain;
}

function tracedCertificate({ subject, issuer, validFrom, validTo, fingerprint256 }: X509Certificate, known: ReadonlySet<string>): TracedCertificate {
  return { subject: nameIn(subject), issuer: nameIn(issuer), validFrom, validTo, trusted: known.has(fingerprint256) };
}

/** `CN=…, O=…, C=…` from a line for each, which most authorities write the other way round. */
function nameIn(lines: string): string {
  const parts = lines.trim().split('\n');
  return (parts[0]?.startsWith('CN=') ? parts : parts.reverse()).join(', ');
}
