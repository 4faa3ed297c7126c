import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type SecureVersion } from 'node:tls';
import type { TestDeployment } from '@isesim/testing';

export interface TokenAnswer {
  readonly status: number;
  /** Entra ID's numbers; none when there is a token. */
  readonly codes: readonly number[];
  readonly token: string | undefined;
}

/** A client of Microsoft 365 that shares no code with the nodes: plain HTTPS, and SMTP by the line. */
export class AnotherClient {
  readonly #microsoft365: TestDeployment['microsoft365'];
  readonly #trusted: Buffer;

  constructor({ microsoft365 }: Pick<TestDeployment, 'microsoft365'>) {
    this.#microsoft365 = microsoft365;
    this.#trusted = readFileSync(microsoft365.caFile);
  }

  /** Asks the token endpoint of `tenantId` with this form. */
  askForToken(tenantId: string, form: string, method = 'POST'): Promise<TokenAnswer> {
    const { host, port } = this.#microsoft365.login;
    const headers = { host: 'login.microsoftonline.com', 'content-type': 'application/x-www-form-urlencoded' };
    const options = { host, port, method, headers, path: `/${tenantId}/oauth2/v2.0/token`, agent: false, servername: 'login.microsoftonline.com', ca: this.#trusted } as const;
    return new Promise((resolve, reject) => {
      request(options, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => { resolve(tokenAnswer(response.statusCode ?? 0, text)); });
      }).on('error', reject).end(method === 'GET' ? undefined : form);
    });
  }

  /** Connects to Exchange Online and says nothing, nor closes its end; `untilEnd` is all that the server says before it closes its own. */
  async keepSilent(): Promise<{ readonly untilEnd: Promise<string>; leave(): void }> {
    const { host, port } = this.#microsoft365.smtp;
    const socket = connectTcp({ host, port, allowHalfOpen: true });
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    const untilEnd = once(socket, 'end').then(() => received);
    await once(socket, 'data');
    return { untilEnd, leave: () => { socket.destroy(); } };
  }

  /** What AUTH is answered on a connection that speaks this version of TLS. */
  async authenticate(mailbox: string, token: string, version: SecureVersion): Promise<string> {
    const { host, port } = this.#microsoft365.smtp;
    const plain = connectTcp({ host, port });
    await replyOn(plain);
    await say(plain, 'EHLO client.example');
    await say(plain, 'STARTTLS');
    // OpenSSL takes versions before 1.2 only at security level 0.
    const secure = connectTls({ socket: plain, servername: 'smtp.office365.com', ca: this.#trusted, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' });
    try {
      await say(secure, 'EHLO client.example');
      return await say(secure, `AUTH XOAUTH2 ${Buffer.from(`user=${mailbox}\x01auth=Bearer ${token}\x01\x01`).toString('base64')}`);
    } finally {
      secure.destroy();
    }
  }
}

function tokenAnswer(status: number, text: string): TokenAnswer {
  const { access_token: token, error_codes: codes = [] } = JSON.parse(text) as { access_token?: string; error_codes?: number[] };
  return { status, codes, token };
}

async function say(socket: Socket, line: string): Promise<string> {
  socket.write(`${line}\r\n`);
  return replyOn(socket);
}

/** The next reply, all its lines. */
function replyOn(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const end = (settle: () => void) => {
      socket.off('data', take).off('error', fail).off('close', fail);
      settle();
    };
    const take = (chunk: Buffer) => {
      received += chunk.toString();
      if (/^\d{3}(?: .*)?\r\n$/m.test(received)) end(() => { resolve(received.trimEnd()); });
    };
    const fail = (error: unknown) => { end(() => { reject(error instanceof Error ? error : new Error('the server closed the connection')); }); };
    socket.on('data', take).on('error', fail).on('close', fail);
  });
}
