import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { seededRandom, type Clock, type Crossings, type Endpoint, type HeldConfiguration, type Work } from '@isesim/domain';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LinkFaults } from './link-faults.ts';
import { nodeNetwork } from './node-network.ts';

// Elsewhere than on Linux a machine may have 127.0.0.1 alone.
const address = process.platform === 'linux' ? '127.83.0.7' : '127.0.0.1';
const options = { timeoutMs: 60_000 };

/** A server at the far end of a node's network; `events` notes in order what the node counts and what the far end sees. */
async function makeNetwork() {
  const events: string[] = [];
  const held: { now: HeldConfiguration } = { now: { revision: 0, epoch: 0, primaryPan: undefined, pages: {}, writtenAt: {} } };
  const clock = {
    outside: (what: string, run: () => Promise<unknown>) => {
      events.push(what);
      return run();
    },
    closed: () => { events.push('counted'); },
    now: () => 0,
  } as unknown as Clock & Work & Crossings;
  const farEnd = new FarEnd(events);
  const port = await farEnd.listen();
  const hosts: Record<string, Endpoint> = { 'smtp.office365.com:587': { host: '127.0.0.1', port } };
  const faults = new LinkFaults({ clock, random: seededRandom(1, 'psn-1') });
  const network = nodeNetwork({ node: { fqdn: 'psn-1.ise.example', address }, hosts, held: () => held.now, faults, clock });
  const connect = async () => {
    const accepted = farEnd.nextConnection();
    const connection = await network.connect('smtp.office365.com', 587, options);
    const far = await accepted;
    events.length = 0;
    return { ...connection, far };
  };
  return { network, connect, events, held, hosts, farEnd, faults };
}

class FarEnd {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(events: string[]) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('end', () => events.push('seen'));
      socket.on('error', () => events.push('seen'));
      socket.resume();
    });
    onTestFinished(() => this.close());
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async nextConnection(): Promise<Socket> {
    return ((await once(this.#server, 'connection')) as [Socket])[0];
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe('a connection', () => {
  it("comes from the node's own address, and is named as the far end sees it", async () => {
    const { connect } = await makeNetwork();
    const { name, far } = await connect();

    expect(far.remoteAddress).toBe(address);
    expect(name).toBe(`${far.remoteAddress}:${far.remotePort}`);
  });

  it('is opened while simulated time stands still', async () => {
    const { network, events } = await makeNetwork();
    await network.connect('smtp.office365.com', 587, options);

    expect(events).toEqual(['connect smtp.office365.com:587']);
  });

  it.each<{ what: string; host: string; port: number; code: string; message: string }>([
    { what: 'a name that is not mapped', host: 'smtp.example.com', port: 587, code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND smtp.example.com' },
    { what: 'a name that only begins like one that is mapped', host: 'smtp.office365', port: 587, code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND smtp.office365' },
    { what: 'a port that is not mapped', host: 'smtp.office365.com', port: 25, code: 'ECONNREFUSED', message: 'connect ECONNREFUSED smtp.office365.com:25' },
  ])('to $what is refused with $code, and nothing is counted', async ({ host, port, code, message }) => {
    const { network, events } = await makeNetwork();

    await expect(network.connect(host, port, options)).rejects.toMatchObject({ name: 'NetworkError', code, message });
    expect(events).toEqual([]);
  });

  it.each(['SMTP.Office365.com', 'smtp.office365.com.'])('is made to %s, which DNS takes for the same name, and meets the faults on the way there', async (host) => {
    const { network, events, faults } = await makeNetwork();
    await network.connect(host, 587, options);
    expect(events).toEqual(['connect smtp.office365.com:587']);
    expect(network.lookUp?.(host)).toBe('127.0.0.1');
    faults.stand([{ to: 'smtp.office365.com', fault: 'reset', after: 'connect' }]);
    await expect(network.connect(host, 587, options)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('to a port at which nobody listens is refused with the code of the system, and no close is counted', async () => {
    const { network, events, farEnd } = await makeNetwork();
    await farEnd.close();

    await expect(network.connect('smtp.office365.com', 587, options)).rejects.toMatchObject({ name: 'NetworkError', code: 'ECONNREFUSED' });
    expect(events).toEqual(['connect smtp.office365.com:587']);
  });

  it('from an address that the machine does not have fails with the code of the system', async () => {
    const { hosts, faults } = await makeNetwork();
    const events: string[] = [];
    const clock = { outside: (_what: string, run: () => Promise<unknown>) => run(), closed: () => events.push('counted'), now: () => 0 } as unknown as Clock & Work & Crossings;
    const network = nodeNetwork({ node: { fqdn: 'psn-1.ise.example', address: '192.0.2.1' }, hosts, held: () => ({ pages: {} }) as HeldConfiguration, faults, clock });

    await expect(network.connect('smtp.office365.com', 587, options)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    expect(events).toEqual([]);
  });
});

describe('a close is counted once, before the far end can see it', () => {
  it.each<{ how: string; close: (socket: Socket) => void }>([
    { how: 'by destroy', close: (socket) => { socket.destroy(); } },
    { how: 'by end', close: (socket) => { socket.end(); } },
    { how: 'by end with last words', close: (socket) => { socket.end('QUIT\r\n'); } },
    { how: 'by both', close: (socket) => { socket.end(); socket.destroy(); } },
    { how: 'by destroySoon', close: (socket) => { socket.destroySoon(); } },
    { how: 'by an error', close: (socket) => { socket.on('error', () => undefined).destroy(new Error('broken')); } },
    { how: 'by a reset', close: (socket) => { socket.resetAndDestroy(); } },
  ])('$how', async ({ close }) => {
    const { connect, events } = await makeNetwork();
    const { socket, far } = await connect();
    const gone = once(far, 'end').catch(() => undefined);
    close(socket);
    await gone;
    far.end();
    socket.destroy();
    if (!socket.closed) await once(socket, 'close');

    expect(events).toEqual(['counted', 'seen']);
  });

  it('also when the far end has closed first', async () => {
    const { connect, events } = await makeNetwork();
    const { socket, far } = await connect();
    socket.resume();
    const closed = once(socket, 'close');
    far.end();
    await closed;

    expect(events.filter((event) => event === 'counted')).toHaveLength(1);
  });

  it('when the node is killed', async () => {
    const { connect, network, events } = await makeNetwork();
    const [one, two] = [await connect(), await connect()];
    const closed = once(one.far, 'end');
    one.socket.destroy();
    await closed;
    events.length = 0;
    const gone = once(two.far, 'end');
    network.destroyAll();
    await gone;

    expect(events).toEqual(['counted', 'seen']);
  });
});

describe('the trusted certificates', () => {
  const certificate = (name: string, ...roles: string[]) => ({ name, pem: `PEM of ${name}`, roles });

  it('are those of the infrastructure role, in the configuration that the node holds now', async () => {
    const { network, held } = await makeNetwork();
    expect(network.trustedCertificates('smtp.office365.com')).toEqual([]);

    const certificates = [certificate('entra-root', 'infrastructure'), certificate('endpoints', 'endpoints'), certificate('both', 'cisco-services', 'infrastructure'), certificate('none')];
    held.now = { ...held.now, pages: { 'trusted-certificates': { certificates } } };
    expect(network.trustedCertificates('smtp.office365.com')).toEqual(['PEM of entra-root', 'PEM of both']);

    held.now = { ...held.now, pages: { 'trusted-certificates': { certificates: [] } } };
    expect(network.trustedCertificates('smtp.office365.com')).toEqual([]);
  });
});

it("the node says EHLO with its own name", async () => {
  expect((await makeNetwork()).network.fqdn).toBe('psn-1.ise.example');
});

describe('a fault', () => {
  const to = 'smtp.office365.com';

  it('that begins breaks the open connections to its host, and no others', async () => {
    const { network, connect, faults, hosts, events } = await makeNetwork();
    hosts['login.microsoftonline.com:443'] = hosts['smtp.office365.com:587'] as Endpoint;
    const smtp = await connect();
    const login = await network.connect('login.microsoftonline.com', 443, options);
    events.length = 0;
    const gone = once(smtp.far, 'end');
    await network.breakOff(faults.stand([{ to, fault: 'timeout' }]));
    await gone;

    expect(events).toEqual(['break off', 'counted', 'seen']);
    expect(smtp.socket.destroyed).toBe(true);
    expect(login.socket.destroyed).toBe(false);
    login.socket.destroy();
  });

  it('untrusted takes the trust in the host that it names, for as long as it stands', async () => {
    const { network, held, faults } = await makeNetwork();
    held.now = { ...held.now, pages: { 'trusted-certificates': { certificates: [{ name: 'exchange-root', pem: 'PEM', roles: ['infrastructure'] }] } } };
    faults.stand([{ to, fault: 'untrusted' }]);
    expect([network.trustedCertificates(to), network.trustedCertificates('login.microsoftonline.com')]).toEqual([[], ['PEM']]);
    faults.stand([]);
    expect(network.trustedCertificates(to)).toEqual(['PEM']);
  });

  it('reset after data breaks the connection on which a message was answered', async () => {
    const { connect, faults } = await makeNetwork();
    const { socket, way } = await connect();
    way?.answered();
    expect(socket.destroyed).toBe(false);
    faults.stand([{ to, fault: 'reset', after: 'data' }]);
    expect(() => way?.answered()).toThrow('read ECONNRESET smtp.office365.com');
    expect(socket.destroyed).toBe(true);
  });
});
