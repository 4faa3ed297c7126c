import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BusKey, Clock, Crossings, DeploymentNode, Work } from '@isesim/domain';
import { connect, type NatsConnection } from 'nats';
import { accountsConfiguration } from './accounts.ts';
import { Bus, type BusOptions } from './bus.ts';
import { createBusKey, signNonce } from './keys.ts';
import { microsoft365, operator } from './rights.ts';
import { createStreams } from './store.ts';

export type TestMember = Pick<DeploymentNode, 'name' | 'personas'>;

/** For tests: a real nats-server with the real accounts and streams of small deployments, on a port and in a folder of its own. */
export class TestNats implements AsyncDisposable {
  readonly members: Readonly<Record<string, readonly TestMember[]>>;
  readonly #binary: string;
  readonly #folder: string;
  readonly #keys = new Map<string, BusKey>();
  readonly #connections = new Set<{ close(): Promise<void> }>();
  readonly #killNow = () => { this.#server?.kill('SIGKILL'); };
  #server: ChildProcess | undefined;
  #port = -1;

  static async start(members: Readonly<Record<string, readonly TestMember[]>>): Promise<TestNats> {
    const binary = findNatsServer();
    const nats = new TestNats(members, binary, await mkdtemp(join(tmpdir(), 'isesim-test-nats-')));
    process.once('exit', nats.#killNow);
    try {
      await nats.restart();
      for (const [deployment, nodes] of Object.entries(members)) await createStreams(await nats.connect(deployment, 'store'), deployment, nodes);
      return nats;
    } catch (error) {
      await nats[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(members: Readonly<Record<string, readonly TestMember[]>>, binary: string, folder: string) {
    this.members = members;
    this.#binary = binary;
    this.#folder = folder;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** The credentials of a node, `store`, `operator` or `microsoft365`. */
  key(deployment: string, agent: string): BusKey {
    const name = `${deployment} ${agent}`;
    const key = this.#keys.get(name) ?? createBusKey();
    this.#keys.set(name, key);
    return key;
  }

  async bus(deployment: string, agent: string, options: Partial<BusOptions> = {}): Promise<Bus> {
    const key = this.key(deployment, agent);
    const bus = await Bus.connect({ url: this.url, key, deployment, name: agent, incarnation: `${agent}#1`, clock: new TestClock(), ...options });
    this.#connections.add(bus);
    return bus;
  }

  /** A bare connection, for whoever does not keep to what a `Bus` does. */
  async connect(deployment: string, agent: string, inboxPrefix = `_INBOX.${deployment}.${agent}`): Promise<NatsConnection> {
    const key = this.key(deployment, agent);
    const connection = await connect({
      servers: this.url,
      inboxPrefix,
      authenticator: (nonce) => ({ nkey: key.publicKey, sig: signNonce(key, nonce ?? '') }),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    this.#connections.add(connection);
    return connection;
  }

  /** Ends the server as `kill -9` does. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    this.#killNow();
    await gone;
  }

  /** Starts it, again on the same port and with the same folder. */
  async restart(): Promise<void> {
    const configuration = join(this.#folder, 'nats-server.conf');
    await writeFile(configuration, this.#configuration(), { mode: 0o600 });
    this.#server = spawn(this.#binary, ['-c', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#port = await readyPort(this.#server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.close()));
    await this.kill();
    process.off('exit', this.#killNow);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #configuration(): string {
    const accounts = Object.entries(this.members).map(([deployment, members]) => {
      const publicKey = (agent: string) => this.key(deployment, agent).publicKey;
      const nodes = Object.fromEntries(members.map(({ name }) => [name, publicKey(name)]));
      return accountsConfiguration({ deployment, members, keys: { store: publicKey('store'), operator: publicKey(operator), microsoft365: publicKey(microsoft365), nodes } });
    });
    return [`listen: "127.0.0.1:${this.#port}"`, `jetstream: { store_dir: ${JSON.stringify(join(this.#folder, 'store'))} }`, `accounts: {\n${accounts.join('\n')}\n}`].join('\n');
  }
}

/** For tests: a real nats-server with this configuration and nothing else, on a port and in a folder of its own. */
export async function startNats(...configuration: string[]): Promise<AsyncDisposable & { readonly url: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-test-nats-'));
  const file = join(folder, 'nats-server.conf');
  await writeFile(file, ['listen: "127.0.0.1:-1"', ...configuration].join('\n').replaceAll('$FOLDER', folder), { mode: 0o600 });
  const server = spawn(findNatsServer(), ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const killNow = () => { server.kill('SIGKILL'); };
  process.once('exit', killNow);
  const dispose = async () => {
    const gone = server.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
    killNow();
    await gone;
    process.off('exit', killNow);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { url: `nats://127.0.0.1:${await readyPort(server)}`, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A clock that stands still and counts nothing but what it is asked about: what crossed, in words. */
export class TestClock implements Clock, Work, Crossings {
  readonly crossed: string[] = [];
  readonly #deadlines = new Set<AbortController>();
  #now: number;

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  heard(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  /** Lets every deadline pass. */
  passDeadlines(): void {
    for (const controller of this.#deadlines) controller.abort();
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }

  at(): () => void {
    throw new Error('the test clock keeps no appointments');
  }

  deadline(): AbortSignal & Disposable {
    const controller = new AbortController();
    this.#deadlines.add(controller);
    return Object.assign(controller.signal, { [Symbol.dispose]: () => { this.#deadlines.delete(controller); } });
  }

  start<T>(_what: string, run: () => Promise<T>): Promise<T> {
    return run();
  }

  aside(_what: string, run: () => Promise<void>): void {
    void run();
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

  reply<T>(wait: Promise<T>): Promise<T> {
    return wait;
  }

  enters(_kind: string, _order: readonly (string | number)[], begin: () => void): undefined {
    begin();
  }

  published(stream: string, sequence: number): void {
    this.crossed.push(`published ${stream} ${sequence}`);
  }

  taken(stream: string, sequence: number): void {
    this.crossed.push(`taken ${stream} ${sequence}`);
  }

  asked(peer: string): void {
    this.crossed.push(`asked ${peer}`);
  }

  askTaken(peer: string): void {
    this.crossed.push(`ask taken ${peer}`);
  }

  answered(peer: string): void {
    this.crossed.push(`answered ${peer}`);
  }

  answerTaken(peer: string): void {
    this.crossed.push(`answer taken ${peer}`);
  }

  closed(): void {
    this.crossed.push('closed');
  }
}

/** A promise to be resolved from outside, for a test that waits for something to happen. */
export function promiseParts(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((onResolve) => { resolve = onResolve; });
  return { promise, resolve };
}

async function readyPort(server: ChildProcess): Promise<number> {
  const said: string[] = [];
  let port: number | undefined;
  if (!server.stderr) throw new Error('nats-server has no output to read');
  // Read to the end, not only up to the line that counts: a full pipe would hold the server up.
  const lines = createInterface({ input: server.stderr });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      const listening = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(line);
      if (listening) port = Number(listening[1]);
      if (line.includes('Server is ready') && port !== undefined) resolve(port);
    });
    server.once('exit', () => { reject(new Error(`nats-server ended: ${said.at(-1) ?? ''}`)); });
    server.once('error', reject);
  });
}

function findNatsServer(): string {
  const { env } = process;
  const cache = join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'isesim', 'nats-server');
  const paths = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin', cache].filter(Boolean).map((folder) => join(folder, 'nats-server'));
  const found = paths.find(isExecutable);
  if (found === undefined) throw new Error('no nats-server was found; install it (Debian, Ubuntu: "apt-get install nats-server"), or run "npm run demo" once, which fetches one');
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
