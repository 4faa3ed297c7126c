import { execFile, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { access, constants, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Problem } from '@isesim/domain';
import { childEnd } from './child-end.ts';

const run = promisify(execFile);

export interface NatsServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Resolves when it has ended, with a reason when nobody asked for that. */
  readonly gone: Promise<string | undefined>;
}

export interface NatsServerOptions {
  readonly binary: string;
  /** Holds configuration, store and log. */
  readonly folder: string;
  /** The accounts of all deployments that use it. */
  readonly accounts: readonly string[];
  /** Given on a restart, so that clients find it again. */
  readonly port?: number;
  /** Told of the process before it is ready: whoever guards must know it from its first moment. */
  readonly onPid?: (pid: number, gone: Promise<unknown>) => void;
}

/** A mail travels whole in one message, and Exchange takes large ones. */
export const messageMegabytes = 8;

const readyWithinMs = 10_000;
const lookEveryMs = 10;
const logName = 'nats-server.log';

/** Starts a private nats-server with JetStream on a free loopback port. */
export async function startNatsServer({ binary, folder, accounts, port = -1, onPid }: NatsServerOptions): Promise<NatsServer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const configuration = join(folder, 'nats-server.conf');
  await writeFile(configuration, configurationOf({ folder, accounts, port }), { mode: 0o600 });
  // What it says before it has read where its log is: that its configuration is wrong.
  const log = openSync(join(folder, logName), 'a', 0o600);
  const logStart = fstatSync(log).size;
  // In a session of its own: Ctrl-C at the terminal is for the parent, which stops it after the nodes.
  const child = spawn(binary, ['-c', configuration], { stdio: ['ignore', 'ignore', log], detached: true, env: { PATH: process.env['PATH'] } });
  closeSync(log);
  const { gone, end } = childEnd(child, (how) => `nats-server ended (${how})`);
  if (child.pid !== undefined) onPid?.(child.pid, gone);
  const stop = () => end('SIGTERM');
  try {
    const url = await readyUrl({ folder, logStart, pid: child.pid ?? 0, gone });
    return { url, pid: child.pid ?? 0, stop, gone };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Finds nats-server: on the PATH, where Debian puts it, or in our cache. */
export async function findNatsServer(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin', cacheFolder(env)].filter(Boolean);
  for (const folder of folders) {
    const path = join(folder, 'nats-server');
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/**
 * Fetches nats-server into our cache from Debian's or Ubuntu's packages: as any user, without installing anything and without
 * starting a service.
 */
export async function fetchNatsServer(env: NodeJS.ProcessEnv): Promise<string> {
  const cache = cacheFolder(env);
  const work = `${cache}.partial-${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'lists', 'partial'), { recursive: true });
  await mkdir(join(work, 'archives', 'partial'), { recursive: true });
  try {
    await download(work);
    const [archive] = (await readdir(work)).filter((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error('the package was not there after its download');
    await run('dpkg-deb', ['-x', join(work, archive), join(work, 'unpacked')]);
    await mkdir(cache, { recursive: true });
    await rename(join(work, 'unpacked', 'usr', 'sbin', 'nats-server'), join(cache, 'nats-server'));
    return join(cache, 'nats-server');
  } catch (error) {
    throw noNatsServer(`fetching it failed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export function noNatsServer(detail: string, options?: ErrorOptions): Problem {
  return new Problem(
    'could not run',
    'no-nats-server',
    `no nats-server was found (${detail})`,
    'Install it (Debian, Ubuntu: "apt-get install nats-server"; macOS: "brew install nats-server"; Windows: "winget install NATSAuthors.NATSServer"), let isesim fetch it with --install-nats, or use a server that others run with --nats.',
    options,
  );
}

/** The package lists of the system are used when they know the package; else private ones are fetched, which needs no root. */
async function download(work: string): Promise<void> {
  const fetchInto = (options: string[]) => run('apt-get', [...options, 'download', 'nats-server'], { cwd: work });
  try {
    await fetchInto([]);
  } catch {
    const own = ['-o', `Dir::State::lists=${join(work, 'lists')}`, '-o', `Dir::Cache=${work}`, '-o', `Dir::Cache::archives=${join(work, 'archives')}`];
    await run('apt-get', [...own, 'update'], { cwd: work });
    await fetchInto(own);
  }
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'isesim', 'nats-server');
}

function configurationOf({ folder, accounts, port }: { folder: string; accounts: readonly string[]; port: number }): string {
  return [
    'server_name: isesim',
    `listen: "127.0.0.1:${port}"`,
    `ports_file_dir: ${JSON.stringify(folder)}`,
    `log_file: ${JSON.stringify(join(folder, logName))}`,
    `max_payload: ${messageMegabytes}MB`,
    `jetstream: { store_dir: ${JSON.stringify(join(folder, 'store'))} }`,
    `accounts: {\n${accounts.join('\n')}\n}`,
    '',
  ].join('\n');
}

interface Started extends Pick<NatsServer, 'pid' | 'gone'> {
  readonly folder: string;
  /** Bytes of its log that a predecessor wrote. */
  readonly logStart: number;
}

/** The server writes the port that it was given into a file named after its process. */
async function readyUrl({ folder, logStart, pid, gone }: Started): Promise<string> {
  let ended: { readonly reason: string | undefined } | undefined;
  void gone.then((reason) => { ended = { reason }; });
  for (const start = Date.now(); Date.now() - start < readyWithinMs; await wait(lookEveryMs)) {
    if (ended) throw cannotStart(await readFile(join(folder, logName)), logStart, ended.reason);
    const url = await readFile(join(folder, `nats-server_${pid}.ports`), 'utf8').then(firstUrl).catch(() => undefined);
    if (url !== undefined) return url;
  }
  throw new Problem('could not run', 'nats-server', `nats-server was not ready within ${readyWithinMs / 1000} s`, `Look at ${join(folder, logName)}.`);
}

function firstUrl(portsFile: string): string | undefined {
  return (JSON.parse(portsFile) as { nats: string[] }).nats[0];
}

/** The last line of its log says why; without the process, date and level before it. */
function cannotStart(log: Buffer, logStart: number, reason = ''): Problem {
  const last = (log.subarray(logStart).toString().trim().split('\n').at(-1) ?? '').replace(/^\[\d+\] \S+ \S+ \[\w+\] /, '').replace(/^nats-server: /, '');
  return new Problem('could not run', 'nats-server', `nats-server could not start: ${last || reason}`, 'Mend what it says.');
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
