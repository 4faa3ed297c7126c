import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { seededRandom, type Clock, type Crossings, type HeldConfiguration, type Work } from '@isesim/domain';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LinkFaults } from './link-faults.ts';
import { nodeNetwork } from './node-network.ts';

const proxy = { host: 'proxy.example', port: 8080, bypass: [] as string[] };
const established = 'HTTP/1.1 200 Connection established\r\nisesim-dialled-from: 127.1.1.1:4242\r\n\r\n';
const options = { timeoutMs: 60_000 };

/** A node whose configuration has a proxy, which the test answers for; `counted` are the closes that the node counts. */
async function makeNetwork(changes: Partial<typeof proxy> = {}) {
  const counted: string[] = [];
  const clock = { outside: (_what: string, run: () => Promise<unknown>) => run(), closed: () => counted.push('close'), now: () => 0 } as unknown as Clock & Work & Crossings;
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const faults = new LinkFaults({ clock, random: seededRandom(1, 'psn-1') });
  const held = { revision: 1, epoch: 1, primaryPan: 'ise-1', pages: { proxy: { proxy: { ...proxy, ...changes } }, 'trusted-certificates': { certificates: [{ name: 'r', pem: 'PEM', roles: ['infrastructure'] }] } } } as HeldConfiguration;
  const network = nodeNetwork({ node: { fqdn: 'psn-1.ise.example', address: '127.0.0.1' }, hosts: { 'smtp.office365.com:587': { host: '127.0.0.9', port: 1 } }, proxy: endpoint, held: () => held, faults, clock });
  onTestFinished(async () => {
    network.destroyAll();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  /** The proxy's end, once it was asked to lead somewhere. */
  const asked = async () => {
    const [far] = (await once(server, 'connection')) as [Socket];
    const [request] = (await once(far, 'data')) as [Buffer];
    return { far, request: request.toString() };
  };
  return { network, faults, counted, asked };
}

describe('a connection through a proxy', () => {
  it('is asked for by name, has the name that the far end knows it by, and names its proxy', async () => {
    const { network, asked } = await makeNetwork();
    const connecting = network.connect('smtp.office365.com', 587, options);
    const { far, request } = await asked();
    far.write(established);

    expect(request).toMatch(/^CONNECT smtp\.office365\.com:587 HTTP\/1\.1\r\n/);
    expect(await connecting).toMatchObject({ name: '127.1.1.1:4242', proxy: 'proxy.example:8080' });
  });

  it('counts its close, since the far end knows of it', async () => {
    const { network, asked, counted } = await makeNetwork();
    const connecting = network.connect('smtp.office365.com', 587, options);
    (await asked()).far.write(established);
    (await connecting).socket.destroy();

    expect(counted).toEqual(['close']);
  });

  it('that the proxy refuses is a failure of the network, and no close is counted', async () => {
    const { network, asked, counted } = await makeNetwork();
    const connecting = expect(network.connect('smtp.office365.com', 25, options)).rejects.toMatchObject({ code: 'EPROXY', message: 'proxy.example:8080 answered CONNECT smtp.office365.com:25 with 502 Bad Gateway' });
    (await asked()).far.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    await connecting;

    expect(counted).toEqual([]);
  });

  it('that is broken while it is being opened is broken once it is open, and its close is counted', async () => {
    const { network, asked, counted, faults } = await makeNetwork();
    const connecting = expect(network.connect('smtp.office365.com', 587, options)).rejects.toMatchObject({ code: 'ECONNRESET' });
    const { far } = await asked();
    const broken = network.breakOff(faults.stand([{ to: proxy.host, fault: 'reset', after: 'data' }]));
    far.write(established);
    await Promise.all([connecting, broken]);

    expect(counted).toEqual(['close']);
  });

  it('is not made to what is no proxy', async () => {
    const { network } = await makeNetwork({ host: 'smtp.office365.com', port: 587 });

    await expect(network.connect('login.microsoftonline.com', 443, options)).rejects.toMatchObject({ code: 'EPROXY', message: 'smtp.office365.com:587 is no proxy' });
  });
});

describe('faults', () => {
  it('on the way to the host do not meet it; those on the way to the proxy do', async () => {
    const { network, faults, asked } = await makeNetwork();
    faults.stand([{ to: 'smtp.office365.com', fault: 'reset', after: 'connect' }, { to: 'smtp.office365.com', fault: 'untrusted' }]);
    const connecting = network.connect('smtp.office365.com', 587, options);
    (await asked()).far.write(established);
    expect((await connecting).proxy).toBe('proxy.example:8080');
    expect(network.trustedCertificates('smtp.office365.com')).toEqual(['PEM']);

    faults.stand([{ to: proxy.host, fault: 'reset', after: 'connect' }, { to: proxy.host, fault: 'untrusted' }]);
    await expect(network.connect('smtp.office365.com', 587, options)).rejects.toMatchObject({ code: 'ECONNRESET', message: 'connect ECONNRESET proxy.example:8080' });
    expect(network.trustedCertificates('smtp.office365.com')).toEqual([]);
  });

  it('meet it however the page spells the name of the proxy', async () => {
    const { network, faults } = await makeNetwork({ host: 'Proxy.Example.' });
    faults.stand([{ to: proxy.host, fault: 'reset', after: 'connect' }, { to: proxy.host, fault: 'untrusted' }]);
    await expect(network.connect('smtp.office365.com', 587, options)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(network.trustedCertificates('smtp.office365.com')).toEqual([]);
    expect(() => network.lookUp?.('smtp.office365.com')).not.toThrow();
    expect(network.lookUp?.('PROXY.example')).toBe('127.0.0.1');
  });

  it('of names are seen in what a trace looks up', async () => {
    const { network, faults } = await makeNetwork();
    expect([network.lookUp?.('smtp.office365.com'), network.lookUp?.(proxy.host), network.proxyFor?.('smtp.office365.com')]).toEqual(['127.0.0.9', '127.0.0.1', 'proxy.example:8080']);
    faults.stand([{ to: 'smtp.office365.com', fault: 'wrong-dns', address: '192.0.2.1' }, { to: proxy.host, fault: 'wrong-dns' }]);
    expect(network.lookUp?.('smtp.office365.com')).toBe('192.0.2.1');
    expect(() => network.lookUp?.(proxy.host)).toThrow('getaddrinfo ENOTFOUND proxy.example');
    expect(() => network.lookUp?.('elsewhere.example')).toThrow('getaddrinfo ENOTFOUND elsewhere.example');
  });
});
