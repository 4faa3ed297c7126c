import { webcrypto } from 'node:crypto';

export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
  /** The root to be trusted, PEM. */
  readonly root: string;
}

/** A throw-away root and, signed by it, a certificate for `hosts`. */
export async function makeIdentity(hosts: readonly string[], rootName = 'Throw-away root'): Promise<ServerIdentity> {
  const x509 = await loadX509();
  const rootKeys = await makeKeys();
  const keys = await makeKeys();
  const validity = { notBefore: new Date(Date.now() - 86_400_000), notAfter: new Date(Date.now() + 86_400_000) };
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: `CN=${rootName}`,
    keys: rootKeys,
    signingAlgorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    ...validity,
    subject: `CN=${hosts[0]}`,
    issuer: root.subject,
    publicKey: keys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm,
    extensions: [new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: 'dns' as const, value })))],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { root: root.toString('pem'), cert: leaf.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };

function makeKeys() {
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
}

/** @peculiar/x509 refuses to load without the metadata half of Reflect, of which it needs nothing here. */
async function loadX509() {
  Object.assign(Reflect, { getMetadata: () => undefined, getOwnMetadata: () => undefined, defineMetadata: () => undefined });
  return await import('@peculiar/x509');
}
