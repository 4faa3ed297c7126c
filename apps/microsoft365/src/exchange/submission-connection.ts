import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { ClientConnection } from '../client-connection.ts';
import { SubmissionSession, type Message, type Path, type SessionWorld, type Wire } from './submission-session.ts';

/**
 * The connection below a session. Of smtp-server it uses the line parser, the dots of DATA, the upgrade to TLS and the
 * life of the socket; none of its commands and replies.
 */
export class SubmissionConnection extends SMTPConnection {
  readonly #client: ClientConnection;
  readonly #session: SubmissionSession;
  readonly #onClosed: (closing: Promise<void>) => void;
  #topSocket: Socket;

  constructor(server: SMTPServer, socket: Socket, world: SessionWorld, onClosed: (closing: Promise<void>) => void) {
    super(server, socket);
    this.#client = new ClientConnection(socket, world);
    this.#session = new SubmissionSession(this.#wire(), this.#client, world);
    this.#onClosed = onClosed;
    this.#topSocket = socket;
  }

  /** Greets at once: the wait for early talkers in smtp-server is real time. */
  override init(): void {
    this._setListeners(() => {
      this._resetSession();
      this.#session.greet();
    });
  }

  /** Ends the connection from its top: a TLS socket must not lose the socket below it during the handshake. */
  destroy(): void {
    this.#topSocket.destroy();
  }

  override _onCommand(line: Buffer, next?: () => void): void {
    // Without `next` it is the rest of a line whose end never came.
    if (!next) return;
    const resume = () => {
      this._whenWritable(next);
    };
    const obeyed = this.#session.obey(line.toString());
    if (obeyed) void obeyed.then(resume);
    else resume();
  }

  override _createParser(): ReturnType<SMTPConnection['_createParser']> {
    const parser = super._createParser();
    parser.removeAllListeners('error');
    // The one error of the parser is a line beyond its limit of 16 KiB.
    parser.on('error', () => {
      this.#session.refuseLongLine();
    });
    return parser;
  }

  /** Called with each socket, that of TLS included, as soon as there is one. No idle timeout: real time means nothing. */
  override _armTimeout(socket: Socket = this._socket): void {
    this.#topSocket = socket;
  }

  override _onClose(): void {
    super._onClose();
    this.#session.close();
    this.#onClosed(this.#client.close());
  }

  #wire(): Wire {
    return {
      isSecure: () => this.secure,
      tlsVersion: () => (this._socket instanceof TLSSocket ? this._socket.getProtocol() : null),
      send: (code, text) => {
        this.send(code, text, false);
      },
      startTls: () => {
        this.upgrade(() => undefined);
      },
      receive: (sizeMax, take) => {
        void this.#receive(sizeMax, take);
      },
      parsePath: (name, line) => this.#parsePath(name, line),
      close: () => {
        this.close();
      },
    };
  }

  async #receive(sizeMax: number, take: (message: Message) => Promise<void>): Promise<void> {
    const parser = this._parser;
    if (!parser) return;
    const stream = parser.startDataMode(sizeMax);
    this._dataStream = stream;
    const message = await readMessage(stream, sizeMax);
    this._dataStream = false;
    await take(message);
    // As parser.continue() does, which would forget a second message that came whole in the same chunk.
    const proceed = parser._continueCallback;
    parser._continueCallback = false;
    if (typeof proceed === 'function') proceed();
  }

  #parsePath(name: 'mail from' | 'rcpt to', line: string): Path | undefined {
    const parsed = this._parseAddressCommand(name, line);
    if (!parsed || parsed.duplicate) return undefined;
    return { address: parsed.address, parameters: parsed.args || {} };
  }
}

/** Keeps no more than `sizeMax`. */
async function readMessage(stream: AsyncIterable<Buffer>, sizeMax: number): Promise<Message> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size <= sizeMax) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    return 'cut off';
  }
  return size > sizeMax ? 'too large' : Buffer.concat(chunks);
}
