import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { issueServerCertificate, type ServerCertificate } from './certificates.ts';
import { TestWorld } from './test-world.ts';

describe.each([
  ['entra', ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net', 'localhost']],
  ['exchange', ['smtp.office365.com', 'outlook.office365.com', 'localhost']],
] as const)('the chain of %s', (server, hosts) => {
  let issued: ServerCertificate;
  let chain: X509Certificate[];
  beforeAll(async () => {
    issued = await issueServerCertificate(server);
    chain = issued.chain.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)?.map((pem) => new X509Certificate(pem)) ?? [];
  });

  test('goes from the leaf over an issuing CA to the root, which the server does not send', () => {
    const root = new X509Certificate(issued.root);
    const [leaf, issuing] = chain;
    expect(chain).toHaveLength(2);
    expect(leaf?.verify(issuing?.publicKey ?? expect.unreachable())).toBe(true);
    expect(issuing?.verify(root.publicKey)).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    expect([leaf?.ca, issuing?.ca, root.ca]).toEqual([false, true, true]);
    for (const { subject } of [issuing ?? root, root]) expect(subject).toContain('(isesim)');
  });

  test('is valid for the names and for this machine, and in any year', () => {
    for (const host of hosts) expect(chain[0]?.checkHost(host)).toBe(host);
    expect(chain[0]?.checkHost('example.com')).toBeUndefined();
    expect(chain[0]?.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect([Date.parse(chain[0]?.validFrom ?? ''), Date.parse(chain[0]?.validTo ?? '')]).toEqual([Date.UTC(2000, 0, 1), Date.UTC(2100, 0, 1)]);
  });
});

test('each server is trusted by its own root alone', async () => {
  await using world = await TestWorld.start();
  const { login, roots } = world.double;
  expect(await handshake(login, roots['entra-root'])).toBe('trusted');
  expect(await handshake(login, roots['exchange-root'])).toMatch(/UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED/);
  const client = await world.dial();
  await client.say('EHLO x');
  await expect(client.startTls({ ca: roots['entra-root'] })).rejects.toThrow(/issuer certificate/);
});

function handshake({ host, port }: { host: string; port: number }, ca: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, ca, servername: 'login.microsoftonline.com' });
    socket.on('secureConnect', () => {
      socket.destroy();
      resolve('trusted');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
  });
}
