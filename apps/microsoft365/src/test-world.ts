import { EventEmitter, once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { createHash } from 'node:crypto';
import { Secret, type AcceptedMail, type Clock, type DeploymentNode, type Instant, type Random, type Tenant } from '@isesim/domain';
import type { DoubleWork } from './client-connection.ts';
import { startMicrosoft365, type Microsoft365, type Microsoft365Options } from './microsoft365.ts';

export const startTime = Date.UTC(2026, 1, 2, 5, 0, 0);
export const tenantId = '2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff';
export const clientId = '7d8f0c1e-1111-4222-8333-444455556666';
export const applicationObjectId = '0a0a0a0a-0000-4000-8000-000000000001';
export const enterpriseObjectId = '0b0b0b0b-0000-4000-8000-000000000002';
export const mailbox = 'no-reply@contoso.onmicrosoft.com';
export const secret = 's3cr3t~value.of-the_app';
export const scope = 'https://outlook.office.com/.default';

export function wellMadeTenant(): Tenant {
  return {
    tenantId,
    domain: 'contoso.onmicrosoft.com',
    mailboxes: [{ address: mailbox, authenticatedSmtp: true, permissions: [{ servicePrincipal: 'isesim', rights: 'FullAccess' }] }],
    applications: [
      {
        name: 'isesim',
        clientId,
        applicationObjectId,
        enterpriseObjectId,
        secrets: [{ value: new Secret(secret), expires: startTime + 30 * 86_400_000 }],
        permissions: ['SMTP.SendAsApp'],
        adminConsent: true,
      },
    ],
    servicePrincipals: [{ appId: clientId, objectId: enterpriseObjectId }],
    latency: { tokenMs: 0, connectMs: 0, submitMs: 0 },
  };
}

export const nodes: readonly DeploymentNode[] = [
  { name: 'ise-1', fqdn: 'ise-1.ise.example', address: '127.0.0.5', personas: ['pan', 'mnt'], roles: { pan: 'primary', mnt: 'secondary' } },
  { name: 'psn-1', fqdn: 'psn-1.ise.example', address: '127.0.0.6', personas: ['psn'], roles: {} },
];

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #now = startTime;
  readonly #sleepers = new Set<{ due: Instant; wake: () => void }>();
  readonly #timers = new Set<{ due: Instant; wake: () => void }>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  now(): Instant {
    return this.#now;
  }

  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  sleep(until: Instant | { readonly ms: number }, signal?: AbortSignal): Promise<void> {
    const due = typeof until === 'number' ? until : this.#now + until.ms;
    return new Promise((resolve, reject) => {
      const sleeper = { due, wake: resolve };
      this.#sleepers.add(sleeper);
      this.#changed();
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      });
    });
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const all of [this.#sleepers, this.#timers]) {
      // What is set meanwhile is for the next time.
      for (const each of [...all]) if (each.due <= this.#now && all.delete(each)) each.wake();
    }
  }

  at(due: Instant, _what: string, work: () => Promise<void>): () => void {
    const timer = { due, wake: () => void work() };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
      this.#changed();
    };
  }

  deadline(): never {
    throw new Error('the double has no deadlines');
  }
}

/** Writes down what is open, who sleeps, and which addresses closed. */
export class WorkLog implements DoubleWork {
  readonly open = new Set<string>();
  readonly started: string[] = [];
  readonly asleep = new Set<string>();
  /** The addresses of connections that were closed. */
  readonly closed: string[] = [];
  readonly #connections = new Set<string>();
  readonly #changed: () => void;

  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  /** How many connections there have been, those that are open included. */
  get connections(): number {
    return this.closed.length + this.#connections.size;
  }

  connectionOpened(connection: string): void {
    if (this.#connections.has(connection)) throw new Error(`${connection} is open already`);
    this.#connections.add(connection);
    this.#changed();
  }

  connectionClosed(connection: string): void {
    if (!this.#connections.delete(connection)) throw new Error(`${connection} is not open`);
    this.closed.push(connection.replace(/:\d+$/, ''));
    this.#changed();
  }

  async start<T>(what: string, run: () => Promise<T>): Promise<T> {
    this.open.add(what);
    this.started.push(what);
    try {
      return await run();
    } finally {
      this.open.delete(what);
    }
  }

  async sleeping<T>(connection: string, run: () => Promise<T>): Promise<T> {
    this.asleep.add(connection);
    try {
      return await run();
    } finally {
      this.asleep.delete(connection);
    }
  }

  aside(): never {
    throw new Error('the double keeps nothing');
  }

  outside<T>(_what: string, run: () => Promise<T>): Promise<T> {
    return run();
  }

  slot<T>(wait: Promise<T>): Promise<T> {
    return wait;
  }

  socket<T>(_connection: string, run: () => Promise<T>): Promise<T> {
    return run();
  }
}

const seeded: Random = {
  text(cause, length, alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
    const bytes = createHash('shake256', { outputLength: length }).update(cause).digest();
    return [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('');
  },
  fraction: () => 0.5,
};

/** The double with a clock and a record of its own. */
export class TestWorld implements AsyncDisposable {
  readonly #changes = new EventEmitter();
  readonly #changed = () => { this.#changes.emit('changed'); };
  readonly clock = new ManualClock(this.#changed);
  readonly work = new WorkLog(this.#changed);
  readonly recorded: AcceptedMail[] = [];
  readonly defects: unknown[] = [];
  /** What becomes of a mail that is to be recorded. */
  record = (_mail: AcceptedMail): Promise<void> => Promise.resolve();
  readonly options = {
    tenant: wellMadeTenant(),
    nodes,
    evidence: 'address',
    clock: this.clock,
    work: this.work,
    random: seeded,
    wallClock: () => new Date('2026-11-21T12:00:00Z'),
    record: async (mail: AcceptedMail) => {
      const recording = this.record(mail);
      this.#changed();
      await recording;
      this.recorded.push(mail);
    },
    onDefect: (_what: string, error: unknown) => {
      this.defects.push(error);
    },
  } as const satisfies Microsoft365Options;
  double!: Microsoft365;

  static async start(changes: Partial<Microsoft365Options> = {}): Promise<TestWorld> {
    const world = new TestWorld();
    await world.open(changes);
    return world;
  }

  async open(changes: Partial<Microsoft365Options> = {}): Promise<void> {
    this.double = await startMicrosoft365({ ...this.options, ...changes });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.double.close();
  }

  change(edit: (tenant: Tenant) => Partial<Tenant>): void {
    this.double.tenant.change((tenant) => ({ ...tenant, ...edit(tenant) }));
  }

  /** As at the start; what was accepted and closed before is forgotten. */
  restart(): void {
    this.restoreTenant();
    this.clock.advance(startTime - this.clock.now());
    this.record = () => Promise.resolve();
    this.recorded.length = 0;
    this.work.started.length = 0;
    this.work.closed.length = 0;
  }

  restoreTenant(): void {
    this.double.faults.set([]);
    // What an earlier test added has no place in a well-made tenant.
    this.double.tenant.change(wellMadeTenant);
  }

  /** Waits for what the double does: looks whenever a connection, a wait, a timer or a record begins or ends. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#changes, 'changed');
  }

  /** Waits until so many clients wait for simulated time. */
  sleeping(clients: number): Promise<void> {
    return this.until(() => this.clock.sleeping === clients);
  }

  /** Waits until a connection has come and gone: whatever was closed before it has been seen by then. */
  async oneMoreClosed(): Promise<void> {
    const address = '127.0.0.99';
    const before = this.#closedFrom(address);
    await (await this.dialTls(address)).close();
    await this.until(() => this.#closedFrom(address) > before);
  }

  #closedFrom(address: string): number {
    return this.work.closed.filter((each) => each === address).length;
  }

  async token(form: Record<string, string> = {}): Promise<string> {
    const { body } = await this.postToken({ client_id: clientId, client_secret: secret, grant_type: 'client_credentials', scope, ...form });
    return (body as { access_token: string }).access_token;
  }

  postToken(form: Record<string, string> | string, { tenant = tenantId, headers = {} }: { tenant?: string; headers?: Record<string, string> } = {}): Promise<HttpAnswer> {
    return this.http('POST', `/${tenant}/oauth2/v2.0/token`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    });
  }

  http(
    method: string,
    path: string,
    { headers = {}, body, from }: { headers?: Record<string, string>; body?: string; from?: string } = {},
  ): Promise<HttpAnswer> {
    const { host, port } = this.double.login;
    return new Promise((resolve, reject) => {
      const options = {
        host,
        port,
        path,
        method,
        agent: false as const,
        servername: 'login.microsoftonline.com',
        ca: this.double.roots['entra-root'],
        headers: { host: 'login.microsoftonline.com', ...headers },
        ...(from ? { localAddress: from } : {}),
      };
      const request = httpsRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parsed(text) });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /** A client that has read the greeting. */
  async dial(from = '127.0.0.5'): Promise<SmtpClient> {
    const { host, port } = this.double.smtp;
    const client = new SmtpClient(connectTcp({ host, port, localAddress: from }), this.double.roots['exchange-root']);
    client.greeting = await client.reply();
    return client;
  }

  /** … and has said EHLO under TLS. */
  async dialTls(from?: string, name = 'ise-1.ise.example'): Promise<SmtpClient> {
    const client = await this.dial(from);
    await client.say(`EHLO ${name}`);
    await client.startTls();
    await client.say(`EHLO ${name}`);
    return client;
  }

  /** … and is authenticated. */
  async dialIn(from?: string, name?: string, user = mailbox): Promise<SmtpClient> {
    const client = await this.dialTls(from, name);
    const reply = await client.say(`AUTH XOAUTH2 ${xoauth2(user, await this.token())}`);
    if (!reply.startsWith('235')) throw new Error(reply);
    return client;
  }
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  readonly body: unknown;
}

export function xoauth2(user: string, token: string): string {
  return Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64');
}

export function message(headers: Record<string, string> = {}, body = 'Hello.'): string {
  const all = { From: mailbox, To: 'ana@guest.example', Subject: 'Your guest account', 'Message-ID': '<one@ise.example>', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${lines.join('')}\r\n${body}\r\n`;
}

const frontEnd = 'AM0PR02CA0134.eurprd02.prod.outlook.com';
const backEnd = 'AM0PR02MB4132.eurprd02.prod.outlook.com';

/** A reply as that server of Exchange signs it: `[HOST TIME ID]`, `[HOST]` or `[Hostname=HOST]`. */
export function signedBy(whom: 'front end' | 'host' | 'back end' | 'nobody', text: string, now: Instant): RegExp {
  const trailers = { 'front end': ` [${frontEnd} ${new Date(now).toISOString()} `, host: ` [${frontEnd}]`, 'back end': ` [Hostname=${backEnd}]`, nobody: '' };
  const literally = `${text}${trailers[whom]}`.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${literally}${whom === 'front end' ? '[0-9A-F]{16}\\]' : ''}$`);
}

/** Speaks SMTP by the line over a bare socket. */
export class SmtpClient {
  greeting = '';
  socket: Socket;
  readonly #root: string;
  readonly #waiting: ((reply: string) => void)[] = [];
  readonly #replies: string[] = [];
  #received = '';

  constructor(socket: Socket, root: string) {
    this.socket = socket;
    this.#root = root;
    this.#listen(socket);
  }

  /** The next reply, all its lines; an empty text when the server closed the connection. */
  reply(): Promise<string> {
    const ready = this.#replies.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.socket.destroyed) return Promise.resolve('');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  say(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  async startTls(options: ConnectionOptions = {}): Promise<void> {
    const reply = await this.say('STARTTLS');
    if (!reply.startsWith('220')) throw new Error(reply);
    await this.secure(options);
  }

  secure(options: ConnectionOptions = {}): Promise<void> {
    this.socket.removeAllListeners();
    const socket = connectTls({ socket: this.socket, servername: 'smtp.office365.com', ca: this.#root, ...options });
    this.socket = socket;
    this.#listen(socket);
    return new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
  }

  /** MAIL, RCPT and DATA with a message; gives the reply to its end. */
  async send(text = message(), { from = mailbox, to = ['ana@guest.example'] } = {}): Promise<string> {
    for (const line of [`MAIL FROM:<${from}>`, ...to.map((each) => `RCPT TO:<${each}>`), 'DATA']) {
      const reply = await this.say(line);
      if (!/^[23]/.test(reply)) return reply;
    }
    return this.say(`${text.replace(/^\./gm, '..')}.`);
  }

  async close(): Promise<void> {
    if (this.socket.destroyed) return;
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.destroy();
    await closed;
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString();
      for (;;) {
        const whole = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#received)?.[0];
        if (whole === undefined) return;
        this.#received = this.#received.slice(whole.length);
        this.#take(whole.trimEnd());
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const resolve of this.#waiting.splice(0)) resolve('');
    });
  }

  #take(reply: string): void {
    const resolve = this.#waiting.shift();
    if (resolve) resolve(reply);
    else this.#replies.push(reply);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
