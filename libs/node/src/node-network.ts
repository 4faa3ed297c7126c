import { Socket } from 'node:net';
import { dnsName, NetworkError, type Connection, type Clock, type Crossings, type DeploymentNode, type Endpoint, type HeldConfiguration, type Instant, type Network, type ProxySettings, type Way, type Work } from '@isesim/domain';
import type { LinkFaults } from './link-faults.ts';
import { openTunnel, proxyTo } from './proxy-tunnel.ts';

export interface NodeNetworkOptions {
  readonly node: Pick<DeploymentNode, 'fqdn' | 'address'>;
  /** Where names lead to, by `host:port`. What is not here does not exist: nothing leaves this machine unasked. */
  readonly hosts: Readonly<Record<string, Endpoint>>;
  /** Where any name that the Proxy page has leads to. */
  readonly proxy?: Endpoint | undefined;
  readonly held: () => HeldConfiguration;
  readonly faults: LinkFaults;
  readonly clock: Clock & Work & Crossings;
}

export interface NodeNetwork extends Network {
  /** Breaks every connection to these hosts; done when they are closed. */
  breakOff(hosts: readonly string[]): Promise<void>;
  destroyAll(): void;
}

// ISE's roles of a trusted certificate; this one covers the certificates of servers that ISE itself connects to.
const infrastructureRole = 'infrastructure';

/** A node's network: it connects from its own address, and trusts what its own configuration trusts. */
export function nodeNetwork({ node, hosts, proxy: proxyEndpoint, held, faults, clock }: NodeNetworkOptions): NodeNetwork {
  const open = new Map<CountedSocket, string>();
  /** A socket to the first stop of a way, where faults on that way stand: the proxy, or the host itself. */
  const reach = async (stop: Endpoint, endpoint: Endpoint, isProxy: boolean) => {
    const socket = new CountedSocket(clock);
    const name = dnsName(stop.host);
    open.set(socket, name);
    socket.once('close', () => open.delete(socket));
    await clock.outside(`connect ${addressOf(stop)}`, () => connectFrom(node.address, endpoint, socket, isProxy));
    return { socket, name: `${socket.localAddress ?? node.address}:${socket.localPort ?? 0}`, way: wayOver(socket, name, faults) };
  };
  const through = async (proxy: ProxySettings, host: string, port: number, due: Instant): Promise<Connection> => {
    const at = addressOf(proxy);
    await faults.connecting(dnsName(proxy.host), proxy.port, due);
    const nearby = await reach(proxy, proxyAt(proxyEndpoint, proxy, hosts), true);
    const name = await tunnelOver(nearby, due, () => clock.outside(`CONNECT ${host}:${port}`, () => openTunnel(nearby.socket, `${host}:${port}`, at)));
    return { ...nearby, name: name ?? nearby.name, proxy: at };
  };
  return {
    fqdn: node.fqdn,
    connect: async (typed, port, { timeoutMs }) => {
      const host = dnsName(typed);
      const due = clock.now() + timeoutMs;
      const proxy = proxyTo(host, held());
      if (proxy) return through(proxy, host, port, due);
      await faults.connecting(host, port, due);
      return reach({ host, port }, resolve(hosts, host, port), false);
    },
    proxyFor: (host) => {
      const proxy = proxyTo(host, held());
      return proxy && addressOf(proxy);
    },
    lookUp: (typed) => {
      const name = dnsName(typed);
      return faults.lookUp(name) ?? (dnsName(held().pages.proxy?.proxy?.host ?? '') === name ? proxyEndpoint?.host : undefined) ?? resolveName(hosts, name);
    },
    trustedCertificates: (host) => (faults.of(dnsName(proxyTo(host, held())?.host ?? host), 'untrusted') ? [] : trustedIn(held())),
    breakOff: async (all) => {
      const broken = [...open].filter(([, host]) => all.includes(host)).map(([socket]) => socket);
      if (broken.length > 0) await clock.outside('break off', () => Promise.all(broken.map(closed)));
    },
    destroyAll: () => {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}

function trustedIn({ pages }: HeldConfiguration): string[] {
  const certificates = pages['trusted-certificates']?.certificates ?? [];
  return certificates.filter(({ roles }) => roles.includes(infrastructureRole)).map(({ pem }) => pem);
}

function wayOver(socket: Socket, host: string, faults: LinkFaults): Way {
  const reset = () => {
    socket.destroy();
    return new NetworkError('ECONNRESET', `read ECONNRESET ${host}`);
  };
  return {
    sending: async (due) => {
      await faults.sending(host, due);
      // Broken while it waited: nobody would tell those who begin to use it now.
      if (socket.destroyed) throw reset();
    },
    answered: () => {
      if (faults.of(host, 'reset')?.after === 'data') throw reset();
    },
  };
}

/** The far end knows of the connection only once the proxy leads there: a close before that is counted nowhere. */
async function tunnelOver({ socket, way }: { readonly socket: CountedSocket; readonly way: Way }, due: Instant, open: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    await way.sending(due);
    return await socket.tunnelled(open);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function addressOf({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}

/** Any name leads to the deployment's proxy, but for those of hosts that are none. */
function proxyAt(endpoint: Endpoint | undefined, { host, port }: ProxySettings, hosts: Readonly<Record<string, Endpoint>>): Endpoint {
  if (isKnown(hosts, dnsName(host))) throw new NetworkError('EPROXY', `${host}:${port} is no proxy`);
  if (!endpoint) throw new NetworkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`);
  return endpoint;
}

function closed(socket: CountedSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => { resolve(); });
    socket.breakOff();
  });
}

function resolve(hosts: Readonly<Record<string, Endpoint>>, host: string, port: number): Endpoint {
  const endpoint = hosts[`${host}:${port}`];
  if (endpoint) return endpoint;
  if (isKnown(hosts, host)) throw new NetworkError('ECONNREFUSED', `connect ECONNREFUSED ${host}:${port}`);
  throw new NetworkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`);
}

function resolveName(hosts: Readonly<Record<string, Endpoint>>, host: string): string {
  const [, endpoint] = Object.entries(hosts).find(([name]) => name.startsWith(`${host}:`)) ?? [];
  if (!endpoint) throw new NetworkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`);
  return endpoint.host;
}

function isKnown(hosts: Readonly<Record<string, Endpoint>>, host: string): boolean {
  return Object.keys(hosts).some((name) => name.startsWith(`${host}:`));
}

function connectFrom(localAddress: string, { host, port }: Endpoint, socket: CountedSocket, isProxy: boolean): Promise<void> {
  return new Promise((onConnected, onFailed) => {
    const fail = (error: NodeJS.ErrnoException) => {
      onFailed(new NetworkError(error.code ?? 'ECONNRESET', error.message, { cause: error }));
    };
    socket.once('error', fail);
    socket.connect({ host, port, localAddress }, () => {
      socket.off('error', fail);
      socket.established = !isProxy;
      socket.setNoDelay(true);
      onConnected();
    });
  });
}

/** Counts its close before the close leaves: the clock must know that the far end has something to take. */
class CountedSocket extends Socket {
  established = false;
  readonly #crossings: Crossings;
  #counted = false;
  #opening = false;
  #broken = false;

  constructor(crossings: Crossings) {
    super();
    this.#crossings = crossings;
  }

  /** Opens a way through a proxy, behind which the far end knows of this connection before it is known here that it does. */
  async tunnelled<T>(open: () => Promise<T>): Promise<T> {
    this.#opening = true;
    const opened = await open().finally(() => { this.#opening = false; });
    this.established = true;
    if (this.#broken) throw new NetworkError('ECONNRESET', 'connect ECONNRESET');
    return opened;
  }

  /** Ends it as a broken way does: whoever is still connecting hears of it. */
  breakOff(): void {
    if (this.#opening) this.#broken = true;
    else if (this.established) this.destroy();
    else this.destroy(new NetworkError('ECONNRESET', 'connect ECONNRESET'));
  }

  override destroy(error?: Error): this {
    this.#count();
    return super.destroy(error);
  }

  override end(...rest: unknown[]): this {
    this.#count();
    return super.end(...(rest as []));
  }

  #count(): void {
    if (this.#counted || !this.established) return;
    this.#counted = true;
    this.#crossings.closed();
  }
}
