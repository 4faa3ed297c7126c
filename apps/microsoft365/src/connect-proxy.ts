import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Endpoint } from '@isesim/domain';

export interface ConnectProxy {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface ConnectProxyOptions {
  readonly listen: string;
  /** Where it leads, by `host:port`; nowhere else, so nothing leaves this machine through it. */
  readonly leadsTo: Readonly<Record<string, Endpoint>>;
}

const loopback = /^127\./;

/**
 * A proxy (HTTP CONNECT) before Entra ID and Exchange Online. It dials out from its client's own address, so that what they
 * know of who connected is the same as without it, and tells the client the name of that connection.
 */
export async function startConnectProxy({ listen, leadsTo }: ConnectProxyOptions): Promise<ConnectProxy> {
  const server = createServer((_request, response) => {
    response.writeHead(405, { allow: 'CONNECT' }).end();
  });
  const open = new Set<Socket>();
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => open.delete(socket));
  };
  server.on('connection', keep);
  server.on('connect', (request: IncomingMessage, client: Socket, early: Buffer) => {
    const endpoint = leadsTo[request.url ?? ''];
    if (!endpoint) return void client.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n');
    keep(lead(client, early, endpoint));
  });
  server.listen(0, listen);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  return {
    host: address,
    port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Dials out and joins both connections: what ends on one side ends on the other. Returns the far one. */
function lead(client: Socket, early: Buffer, { host, port }: Endpoint): Socket {
  const from = (client.remoteAddress ?? '').replace(/^::ffff:/, '');
  const far = connect({ host, port, ...(loopback.test(from) && { localAddress: from }) });
  far.once('connect', () => {
    client.write(`HTTP/1.1 200 Connection established\r\nisesim-dialled-from: ${far.localAddress ?? ''}:${far.localPort ?? 0}\r\n\r\n`);
    if (early.length > 0) far.write(early);
    far.pipe(client).pipe(far);
  });
  for (const [one, other] of [[client, far], [far, client]] as const) {
    // The connection that it belongs to tells of it; here it only must not go unheard.
    one.on('error', () => undefined);
    one.once('close', () => { other.destroySoon(); });
  }
  return far;
}
