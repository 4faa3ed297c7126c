import { connect, type Socket } from 'node:net';
import { NetworkError, parseInstant, type Clock, type Network, type Work } from '@isesim/domain';

/** A world with a clock that is moved by hand; it notes how the library waits, and whether it breaks the rules of waiting. */
export interface TestWorld {
  readonly network: Network;
  readonly clock: Clock;
  readonly work: Work;
  /** Where each `host:port` really is; a missing one is not found. */
  readonly hosts: Map<string, number>;
  trusted: string[];
  /** The proxy that connections are said to go through. */
  proxy: string | undefined;
  /** All sockets that were ever opened. */
  readonly sockets: Socket[];
  readonly slotWaits: () => number;
  readonly pendingDeadlines: () => number;
  advance(ms: number): void;
}

export const nodeAddress = '127.0.0.2';

export function makeTestWorld(): TestWorld {
  const hosts = new Map<string, number>();
  const sockets: Socket[] = [];
  const deadlines = new Set<{ readonly due: number; readonly abort: () => void }>();
  const busy = new Set<string>();
  let now = parseInstant('2026-02-02T05:00:00Z') ?? 0;
  let slotWaits = 0;

  const clock: Clock = {
    now: () => now,
    sleep: () => Promise.reject(new Error('mail never sleeps')),
    at: () => {
      throw new Error('mail starts no work of its own');
    },
    deadline: (due) => {
      const controller = new AbortController();
      const entry = { due, abort: () => controller.abort() };
      deadlines.add(entry);
      return Object.assign(controller.signal, { [Symbol.dispose]: () => void deadlines.delete(entry) });
    },
  };

  const work: Work = {
    start: (_, run) => run(),
    outside: (_, run) => run(),
    aside: (_, run) => void run(),
    slot: (wait) => {
      slotWaits += 1;
      return wait;
    },
    socket: async (connection, run) => {
      if (busy.has(connection)) throw new Error(`two waits for the far end of ${connection}`);
      if (deadlines.size === 0) throw new Error(`a wait for the far end of ${connection} without a deadline`);
      busy.add(connection);
      try {
        return await run();
      } finally {
        busy.delete(connection);
      }
    },
  };

  const world: TestWorld = {
    clock,
    work,
    hosts,
    sockets,
    trusted: [],
    proxy: undefined,
    network: {
      fqdn: 'ise-1.ise.example',
      trustedCertificates: () => world.trusted,
      lookUp: (name) => {
        if (![...hosts.keys()].some((each) => each.startsWith(`${name}:`))) throw new NetworkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${name}`);
        return '127.0.0.1';
      },
      proxyFor: () => world.proxy,
      connect: async (host, port) => {
        const realPort = hosts.get(`${host}:${port}`);
        if (realPort === undefined) throw new NetworkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`);
        const socket = await opened(connect({ host: '127.0.0.1', port: realPort, localAddress: nodeAddress }));
        sockets.push(socket);
        return { socket, name: `${socket.localAddress}:${socket.localPort}`, ...(world.proxy !== undefined && { proxy: world.proxy }) };
      },
    },
    slotWaits: () => slotWaits,
    pendingDeadlines: () => deadlines.size,
    advance: (ms) => {
      now += ms;
      for (const each of [...deadlines]) if (each.due <= now) each.abort();
    },
  };
  return world;
}

function opened(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(new NetworkError(error.code ?? '', error.message, { cause: error }));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
