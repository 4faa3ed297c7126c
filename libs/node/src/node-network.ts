import { Socket } from 'node:net';
import { NetworkError, type Connection, type Crossings, type DeploymentNode, type Endpoint, type HeldConfiguration, type Network, type Work } from '@isesim/domain';

export interface NodeNetworkOptions {
  readonly node: Pick<DeploymentNode, 'fqdn' | 'address'>;
  /** Where names lead to, by `host:port`. What is not here does not exist: nothing leaves this machine unasked. */
  readonly hosts: Readonly<Record<string, Endpoint>>;
  readonly held: () => HeldConfiguration;
  readonly clock: Work & Crossings;
}

// ISE's roles of a trusted certificate; this one covers the certificates of servers that ISE itself connects to.
const infrastructureRole = 'infrastructure';

/** A node's network: it connects from its own address, and trusts what its own configuration trusts. */
export function nodeNetwork({ node, hosts, held, clock }: NodeNetworkOptions): Network & { destroyAll(): void } {
  const open = new Set<Socket>();
  return {
    fqdn: node.fqdn,
    connect: async (host, port) => {
      const endpoint = resolve(hosts, host, port);
      const socket = await clock.outside(`connect ${host}:${port}`, () => connectFrom(node.address, endpoint, clock));
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      return { socket, name: `${socket.localAddress ?? node.address}:${socket.localPort ?? 0}` } satisfies Connection;
    },
    trustedCertificates: () =>
      (held().pages['trusted-certificates']?.certificates ?? []).filter(({ roles }) => roles.includes(infrastructureRole)).map(({ pem }) => pem),
    destroyAll: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function resolve(hosts: Readonly<Record<string, Endpoint>>, host: string, port: number): Endpoint {
  const endpoint = hosts[`${host}:${port}`];
  if (endpoint) return endpoint;
  if (Object.keys(hosts).some((name) => name.startsWith(`${host}:`))) throw new NetworkError('ECONNREFUSED', `connect ECONNREFUSED ${host}:${port}`);
  throw new NetworkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`);
}

function connectFrom(localAddress: string, { host, port }: Endpoint, clock: Crossings): Promise<Socket> {
  return new Promise((onConnected, onFailed) => {
    const socket = new CountedSocket(clock);
    const fail = (error: NodeJS.ErrnoException) => {
      onFailed(new NetworkError(error.code ?? 'ECONNRESET', error.message, { cause: error }));
    };
    socket.once('error', fail);
    socket.connect({ host, port, localAddress }, () => {
      socket.off('error', fail);
      socket.established = true;
      socket.setNoDelay(true);
      onConnected(socket);
    });
  });
}

/** Counts its close before the close leaves: the clock must know that the far end has something to take. */
class CountedSocket extends Socket {
  established = false;
  readonly #crossings: Crossings;
  #counted = false;

  constructor(crossings: Crossings) {
    super();
    this.#crossings = crossings;
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
