import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchNatsServer, findNatsServer, noNatsServer, startNatsServer, type NatsServerOptions } from './nats-server.ts';
import { isAlive } from './test/is-alive.ts';

const binary = (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env));

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-nats-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An executable of that name; the script is what it does. */
async function makeBinary(folder: string, { name = 'nats-server', mode = 0o755, script = 'exit 3' } = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), mode);
  return join(folder, name);
}

async function start(options: Partial<NatsServerOptions> = {}) {
  const folder = options.folder ?? join(await makeFolder(), 'nats');
  const server = await startNatsServer({ binary, folder, accounts: [], ...options });
  onTestFinished(() => server.stop());
  return { server, folder, port: Number(new URL(server.url).port) };
}

/** What a server says first, or the code of the error. */
function greetingOf(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', (error: NodeJS.ErrnoException) => { resolve(error.code ?? ''); });
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });
}

describe('nats-server is looked for', () => {
  it('on the PATH, in its order', async () => {
    const folder = await makeFolder();
    const first = await makeBinary(join(folder, 'first'));
    await makeBinary(join(folder, 'second'));
    const path = ['nowhere', 'first', 'second'].map((name) => join(folder, name)).join(delimiter);

    expect(await findNatsServer({ PATH: path })).toBe(first);
  });

  it('on the PATH before the cache', async () => {
    const folder = await makeFolder();
    const onPath = await makeBinary(join(folder, 'bin'));
    await makeBinary(join(folder, 'cache', 'isesim', 'nats-server'));

    expect(await findNatsServer({ PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') })).toBe(onPath);
  });

  it('as something that can be run: neither a folder nor a plain file of that name will do', async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, 'folder', 'nats-server'), { recursive: true });
    await makeBinary(join(folder, 'plain'), { mode: 0o644 });
    const good = await makeBinary(join(folder, 'good'));
    const path = ['folder', 'plain', 'good'].map((name) => join(folder, name)).join(delimiter);

    expect(await findNatsServer({ PATH: path })).toBe(good);
  });

  const installed = ['/usr/sbin/nats-server', '/usr/local/bin/nats-server'].some((path) => existsSync(path));

  it.skipIf(installed)('in the cache, when it is nowhere else', async () => {
    const folder = await makeFolder();
    const cached = await makeBinary(join(folder, 'isesim', 'nats-server'));

    expect(await findNatsServer({ PATH: '', XDG_CACHE_HOME: folder })).toBe(cached);
    expect(await findNatsServer({ PATH: '', HOME: folder, XDG_CACHE_HOME: join(folder, 'empty') })).toBeUndefined();
  });

  it('in vain, which says how to get it on each platform', () => {
    expect(noNatsServer('the PATH was searched')).toMatchObject({
      kind: 'could not run',
      code: 'no-nats-server',
      message: 'no nats-server was found (the PATH was searched)',
      remedy: expect.stringMatching(/apt-get install nats-server.*brew install nats-server.*winget install.*--install-nats/) as string,
    });
  });
});

describe('a private nats-server', () => {
  it('listens on a free loopback port, with JetStream', async () => {
    const { server, port } = await start();

    expect(server.url).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
    expect(JSON.parse((await greetingOf(port)).replace(/^INFO /, ''))).toMatchObject({ server_name: 'isesim', host: '127.0.0.1', jetstream: true, max_payload: 8 * 1024 * 1024 });
  });

  it('keeps everything that it writes in its folder, for its owner alone', async () => {
    const { folder } = await start({ accounts: ['"one": {}', '"two": {}'] });
    const configuration = await readFile(join(folder, 'nats-server.conf'), 'utf8');

    expect(configuration).toContain('listen: "127.0.0.1:-1"');
    expect(configuration).toContain(`store_dir: "${join(folder, 'store')}"`);
    expect(configuration).toContain(`log_file: "${join(folder, 'nats-server.log')}"`);
    expect(configuration).toContain('accounts: {\n"one": {}\n"two": {}\n}');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'nats-server.conf'))).mode & 0o777).toBe(0o600);
  });

  it('is told to whoever guards it before it is ready, with when it is gone', async () => {
    const told: number[] = [];
    let gone: Promise<unknown> = Promise.resolve();
    const { server } = await start({ onPid: (pid, ended) => {
      told.push(pid);
      gone = ended;
    } });
    expect(told).toEqual([server.pid]);

    await server.stop();
    await gone;
  });

  it('that is stopped is gone, with its port, and nothing is said', async () => {
    const { server, port } = await start();
    await server.stop();

    expect(await server.gone).toBeUndefined();
    expect(isAlive(server.pid)).toBe(false);
    expect(await greetingOf(port)).toBe('ECONNREFUSED');
  });

  it('that is killed says so', async () => {
    const { server } = await start();
    process.kill(server.pid, 'SIGKILL');

    expect(await server.gone).toBe('nats-server ended (SIGKILL)');
  });

  it('that takes no orders is ended all the same', async () => {
    const { server } = await start();
    process.kill(server.pid, 'SIGSTOP');
    await server.stop();

    expect(isAlive(server.pid)).toBe(false);
  });

  it('does not see the environment, in which secrets may be', async () => {
    process.env['ISESIM_TEST_SECRET'] = 's3cr3t';
    onTestFinished(() => { delete process.env['ISESIM_TEST_SECRET']; });
    const folder = await makeFolder();
    const spy = await makeBinary(folder, { script: 'env >&2; exit 1' });

    await expect(start({ binary: spy })).rejects.toThrow('nats-server could not start');
    const { server } = await start();
    if (process.platform === 'linux') expect(await readFile(`/proc/${server.pid}/environ`, 'utf8')).not.toContain('s3cr3t');
  });
});

describe('a nats-server that cannot start', () => {
  async function reasonOf(options: Partial<NatsServerOptions>): Promise<{ message: string; pids: number[] }> {
    const pids: number[] = [];
    const { message, name } = (await start({ ...options, onPid: (pid) => pids.push(pid) }).catch((error: unknown) => error)) as Error;
    expect(name).toBe('Problem');
    expect(pids.filter(isAlive)).toEqual([]);
    return { message, pids };
  }

  it('because its port is taken says so in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => { taken.close(); });
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;

    expect((await reasonOf({ port })).message).toBe(
      `nats-server could not start: Error listening on port: 127.0.0.1:${port}, "listen tcp 127.0.0.1:${port}: bind: address already in use"`,
    );
  });

  it('because its configuration is wrong names the place', async () => {
    const { message } = await reasonOf({ accounts: ['x: { users: [ { nkey: nonsense } ] }'] });

    expect(message).toMatch(/^nats-server could not start: \S+nats-server\.conf:\d+:\d+: Not a valid public nkey for a user$/);
  });

  it('because there is no such program', async () => {
    const { message, pids } = await reasonOf({ binary: '/nonexistent/nats-server' });

    expect(message).toBe('nats-server could not start: spawn /nonexistent/nats-server ENOENT');
    expect(pids).toEqual([]);
  });

  it('and says nothing is told with its exit code', async () => {
    const mute = await makeBinary(await makeFolder());

    expect((await reasonOf({ binary: mute })).message).toBe('nats-server could not start: nats-server ended (exit code 3)');
  });

  it('does not tell what a predecessor in its folder has said', async () => {
    const folder = await makeFolder();
    const { server } = await start({ folder });
    await server.stop();
    const mute = await makeBinary(join(folder, 'bin'));

    expect((await reasonOf({ folder, binary: mute })).message).toBe('nats-server could not start: nats-server ended (exit code 3)');
  });
});
