import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { ServerCertificate } from '../certificates.ts';
import { SubmissionConnection } from './submission-connection.ts';
import type { SessionWorld } from './submission-session.ts';

export interface ExchangeOptions extends SessionWorld {
  readonly certificate: ServerCertificate;
  readonly listen: string;
}

export interface Exchange {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Exchange Online as clients that submit mail meet it, as at smtp.office365.com:587. */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const server = new SubmissionServer(options.certificate, options);
  server.listen(0, options.listen);
  await once(server.server, 'listening');
  const { address, port } = server.server.address() as AddressInfo;
  return { host: address, port, close: () => server.end() };
}

class SubmissionServer extends SMTPServer {
  readonly #world: SessionWorld;
  readonly #sessions = new Set<SubmissionConnection>();
  readonly #closing = new Set<Promise<void>>();

  constructor({ key, chain }: ServerCertificate, world: SessionWorld) {
    // TLS 1.0 and 1.1 are let in, and told at AUTH that they are too old, as the real server does.
    super({ key, cert: chain, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0', logger: false });
    this.#world = world;
    this.on('error', () => {
      // Of single connections: a client that breaks off, or whose handshake fails. Their close is what counts.
    });
  }

  override connect(socket: Socket): void {
    const connection = new SubmissionConnection(this, socket, this.#world, (closing) => {
      this.#sessions.delete(connection);
      this.#track(closing);
    });
    connection.on('error', (error: Error) => this._onError(error));
    this.connections.add(connection);
    this.#sessions.add(connection);
    connection.init();
  }

  async end(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.close(resolve);
    });
    for (const connection of this.#sessions) connection.destroy();
    await closed;
    await Promise.all(this.#closing);
  }

  #track(closing: Promise<void>): void {
    const tracked = closing.finally(() => this.#closing.delete(tracked));
    this.#closing.add(tracked);
  }
}
