import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ServerCertificate } from '../certificates.ts';
import { ClientConnection, clientName, type ConnectionWorld } from '../client-connection.ts';

export interface HttpsServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, client: ClientConnection) => Promise<void>;

/** An HTTPS server that knows the connection of each request, and tells of each close when nothing is done for it. */
export async function startHttpsServer(
  certificate: ServerCertificate,
  listen: string,
  world: ConnectionWorld,
  handle: Handler,
): Promise<HttpsServer> {
  const connections = new Connections(world);
  const server = createServer(withoutTimeouts(certificate), (request, response) => {
    const client = connections.of(request.socket);
    if (client) void handle(request, response, client);
  });
  server.timeout = 0;
  server.keepAliveTimeout = 0;
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
  });
  server.listen(0, listen);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port, close: () => closeServer(server, connections) };
}

// The longest that Node's timers can wait, about 25 days.
const longestTimeoutMs = 2 ** 31 - 1;

/** Real time means nothing to a simulated client: no timeout of the server's own. */
function withoutTimeouts({ key, chain }: ServerCertificate): ServerOptions {
  return { key, cert: chain, handshakeTimeout: longestTimeoutMs, requestTimeout: 0, headersTimeout: 0 };
}

class Connections {
  readonly #world: ConnectionWorld;
  readonly #clients = new Map<string, ClientConnection>();
  readonly #sockets = new Set<Socket>();
  readonly #closing = new Set<Promise<void>>();

  constructor(world: ConnectionWorld) {
    this.#world = world;
  }

  /** `socket` is the TCP connection, below TLS: also one whose handshake fails is closed once. */
  add(socket: Socket): void {
    const client = new ClientConnection(socket, this.#world);
    this.#clients.set(client.name, client);
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#clients.delete(client.name);
      this.#sockets.delete(socket);
      const closing = client.close().finally(() => this.#closing.delete(closing));
      this.#closing.add(closing);
    });
  }

  of(socket: Socket): ClientConnection | undefined {
    return this.#clients.get(clientName(socket));
  }

  async destroyAll(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    while (this.#sockets.size + this.#closing.size > 0) {
      await new Promise(setImmediate);
      await Promise.all(this.#closing);
    }
  }
}

async function closeServer(server: Server, connections: Connections): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await connections.destroyAll();
  await closed;
}
