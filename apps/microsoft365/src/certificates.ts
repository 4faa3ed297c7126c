import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** What a TLS server of the double shows, and the root by which a client trusts it. All PEM. */
export interface ServerCertificate {
  readonly key: string;
  /** The leaf followed by its issuing CA, as a real server sends them: a client trusts the root alone. */
  readonly chain: string;
  readonly root: string;
}

interface ChainNames {
  readonly root: string;
  readonly issuing: string;
  readonly leaf: string;
  /** All that the leaf is valid for, besides this machine itself. */
  readonly hosts: readonly string[];
}

/**
 * Named after the real authorities, which sign with RSA; P-256 makes boot and handshakes several times faster. Separate
 * roots, so that one server can be distrusted without the other.
 */
const chains = {
  entra: {
    root: 'CN=DigiCert Global Root G2 (isesim),OU=www.digicert.com,O=DigiCert Inc,C=US',
    issuing: 'CN=Microsoft Azure RSA TLS Issuing CA 03 (isesim),O=Microsoft Corporation,C=US',
    leaf: 'CN=stamp2.login.microsoftonline.com,O=Microsoft Corporation,L=Redmond,ST=WA,C=US',
    hosts: ['login.microsoftonline.com', 'login.microsoft.com', 'login.windows.net', 'sts.windows.net'],
  },
  exchange: {
    root: 'CN=DigiCert Global Root CA (isesim),OU=www.digicert.com,O=DigiCert Inc,C=US',
    issuing: 'CN=DigiCert Cloud Services CA-1 (isesim),O=DigiCert Inc,C=US',
    leaf: 'CN=outlook.com,O=Microsoft Corporation,L=Redmond,ST=Washington,C=US',
    hosts: ['smtp.office365.com', 'outlook.office365.com'],
  },
} as const satisfies Record<string, ChainNames>;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

// TLS libraries judge validity by the real clock, whatever the simulated one says; so it is always valid.
const validity = { notBefore: new Date('2000-01-01T00:00:00Z'), notAfter: new Date('2100-01-01T00:00:00Z') };

export async function issueServerCertificate(server: keyof typeof chains): Promise<ServerCertificate> {
  const names = chains[server];
  const [rootKeys, issuingKeys, leafKeys] = await Promise.all([generateKeys(), generateKeys(), generateKeys()]);
  const [root, issuing, leaf] = await Promise.all([
    sign(names.root, rootKeys.publicKey, names.root, rootKeys, authority()),
    sign(names.issuing, issuingKeys.publicKey, names.root, rootKeys, authority(0)),
    sign(names.leaf, leafKeys.publicKey, names.issuing, issuingKeys, endEntity(names.hosts)),
  ]);
  return { key: await privateKeyPem(leafKeys), chain: `${leaf}\n${issuing}\n`, root: `${root}\n` };
}

async function sign(
  subject: string,
  publicKey: webcrypto.CryptoKey,
  issuer: string,
  { privateKey, publicKey: issuerKey }: webcrypto.CryptoKeyPair,
  extensions: readonly x509.Extension[],
): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer,
    publicKey,
    signingKey: privateKey,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuerKey),
    ],
  });
  return certificate.toString('pem');
}

function authority(pathLength?: number): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

function endEntity(hosts: readonly string[]): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([
      ...[...hosts, 'localhost'].map((value) => ({ type: 'dns' as const, value })),
      { type: 'ip', value: '127.0.0.1' },
    ]),
  ];
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function privateKeyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
}
