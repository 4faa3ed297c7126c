import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import type { ServerIdentity } from './certificates.contract.ts';

export type Step = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

/** What a step meets instead of being accepted. */
export type Trouble = { readonly code: number; readonly text: string } | 'silence' | 'cut';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
  readonly remoteAddress: string;
  readonly ehlo: string;
  readonly user: string | undefined;
}

/** An SMTP server with STARTTLS and XOAUTH2 or passwords that takes everything, save where trouble was prepared for it. */
export interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly mails: ReceivedMail[];
  readonly logins: { readonly method: string; readonly user: string | undefined; readonly token: string | undefined }[];
  readonly connections: () => number;
  /** The most that were in DATA at the same time. */
  readonly submissionsAtOnce: () => number;
  /** Trouble for the next time that the step is reached; `rcpt user@host` is the step of one recipient. */
  readonly troubles: Map<string, Trouble>;
  /** Resolves when the step is reached next. */
  reached(step: Step): Promise<void>;
  /** Ends all connections from this side. */
  hangUp(): void;
}

export interface MailServerOptions {
  readonly tls?: boolean;
  /** Exchange offers AUTH only after STARTTLS; this server offers it always or, so told, never. */
  readonly offersAuth?: boolean;
  readonly authOptional?: boolean;
  readonly pipelining?: boolean;
}

export async function startMailServer(identity: ServerIdentity, options: MailServerOptions = {}): Promise<MailServer> {
  const troubles = new Map<string, Trouble>();
  const mails: ReceivedMail[] = [];
  const logins: MailServer['logins'] = [];
  const waiting = new Map<Step, () => void>();
  let connections = 0;
  let submissions = 0;
  let submissionsAtOnce = 0;

  /** Answers a step: as prepared, or by accepting it. */
  function meet(step: Step, detail: string, session: SMTPServerSession, reply: (error: Error | null) => void): void {
    waiting.get(step)?.();
    waiting.delete(step);
    const name = troubles.has(`${step} ${detail}`) ? `${step} ${detail}` : step;
    const trouble = troubles.get(name);
    troubles.delete(name);
    if (trouble === 'silence') return;
    if (trouble === 'cut') return void socketOf(session.id)?.destroy();
    reply(trouble ? Object.assign(new Error(trouble.text), { responseCode: trouble.code }) : null);
  }

  const server = new SMTPServer({
    name: 'smtp.example',
    banner: 'Microsoft ESMTP MAIL Service ready',
    key: identity.key,
    cert: identity.cert,
    disabledCommands: [...(options.tls === false ? ['STARTTLS'] : []), ...(options.offersAuth === false ? ['AUTH'] : [])],
    hidePIPELINING: options.pipelining === false,
    authOptional: options.authOptional ?? false,
    authMethods: ['XOAUTH2', 'PLAIN', 'LOGIN'],
    disableReverseLookup: true,
    logger: false,
    onConnect(session, reply) {
      connections += 1;
      meet('connect', '', session, reply);
    },
    onAuth(auth, session, reply) {
      logins.push({ method: auth.method, user: auth.username, token: auth.accessToken ?? undefined });
      meet('auth', '', session, (error) => reply(error, error ? undefined : { user: auth.username }));
    },
    onMailFrom(_, session, reply) {
      meet('mail', '', session, reply);
    },
    onRcptTo({ address }, session, reply) {
      meet('rcpt', address, session, reply);
    },
    onData(stream, session, reply) {
      submissions += 1;
      submissionsAtOnce = Math.max(submissionsAtOnce, submissions);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        submissions -= 1;
        meet('data', '', session, (error) => {
          if (error) return reply(error);
          mails.push(received(session, Buffer.concat(chunks).toString('utf8')));
          reply(null, '2.0.0 OK <id@server> [Hostname=smtp.example]');
        });
      });
    },
  });
  server.on('error', () => undefined);
  const socketOf = (id: string) => [...server.connections].find((each) => each.id === id)?._socket;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins,
    connections: () => connections,
    submissionsAtOnce: () => submissionsAtOnce,
    troubles,
    reached: (step) => new Promise((resolve) => waiting.set(step, resolve)),
    hangUp: () => [...server.connections].forEach(({ _socket }) => _socket.destroy()),
    async [Symbol.asyncDispose]() {
      [...server.connections].forEach(({ _socket }) => _socket.destroy());
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

// smtp-server greets only after 100 ms of wall clock, to catch clients that talk first.
SMTPConnection.prototype.init = function init(this: SMTPConnection & { _setListeners(ready: () => void): void }): void {
  this._setListeners(() => this.connectionReady());
};

function received({ envelope, remoteAddress, hostNameAppearsAs, user }: SMTPServerSession, source: string): ReceivedMail {
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    source,
    remoteAddress,
    ehlo: String(hostNameAppearsAs),
    user: typeof user === 'string' ? user : undefined,
  };
}
