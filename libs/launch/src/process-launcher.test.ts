import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBusKey } from '@isesim/bus';
import type { NodeBoot, Persona } from '@isesim/domain';
import { expect, onTestFinished, test } from 'vitest';
import { processLauncher } from './process-launcher.ts';
import { isAlive } from './test/is-alive.ts';

const require = createRequire(import.meta.url);

async function makeBoot({ personas = ['psn'], url = 'nats://127.0.0.1:1' }: { personas?: Persona[]; url?: string } = {}): Promise<NodeBoot> {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-launcher-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return {
    deployment: 'test',
    incarnation: 1,
    nats: { url, key: createBusKey() },
    seed: 1,
    time: 0,
    folder: join(folder, 'psn-1'),
    node: { name: 'psn-1', fqdn: 'psn-1.ise.example', address: '127.0.0.9', personas, roles: {} },
    sealingKey: Buffer.alloc(32, 7).toString('base64'),
    hosts: {},
  };
}

/** Something that takes connections and says nothing, so that whoever connects waits. */
async function startMuteServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  return { url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`, connected: once(server, 'connection') };
}

test.each<{ personas: Persona[] }>([{ personas: ['psn'] }, { personas: ['pan', 'mnt'] }])('a node of $personas that cannot reach NATS says so in one line', { timeout: 30_000 }, async ({ personas }) => {
  const pids: number[] = [];
  const boot = await makeBoot({ personas });
  const failed = processLauncher({ onPid: (pid) => pids.push(pid) }).startNode(boot);

  await expect(failed).rejects.toMatchObject({
    name: 'Problem',
    kind: 'could not run',
    code: 'node-start',
    message: 'psn-1 could not start: cannot join the deployment: nats-server at nats://127.0.0.1:1 cannot be reached: CONNECTION_REFUSED',
  });
  expect(pids).toHaveLength(1);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a node that is handed what it cannot read says what', { timeout: 30_000 }, async () => {
  const boot = { ...(await makeBoot()), seed: 'seven' } as unknown as NodeBoot;

  await expect(processLauncher({ onPid: () => undefined }).startNode(boot)).rejects.toThrow(
    `psn-1 could not start: ${join(boot.folder, 'credentials.json')} is no credentials file of a node: seed: Invalid input: expected number, received string`,
  );
});

test('what a former start said is not told again, and all of it stays in the log', { timeout: 30_000 }, async () => {
  const launcher = processLauncher({ onPid: () => undefined });
  const boot = await makeBoot();
  await expect(launcher.startNode({ ...boot, seed: 'seven' } as unknown as NodeBoot)).rejects.toThrow('seed');

  await expect(launcher.startNode(boot)).rejects.toThrow('CONNECTION_REFUSED');
  const log = await readFile(join(boot.folder, 'process.log'), 'utf8');
  expect(log).toMatch(/seed[^]*CONNECTION_REFUSED/);
});

test('the credentials are in a file for the owner alone, neither among the arguments nor in the environment', { timeout: 30_000 }, async () => {
  process.env['ISESIM_TEST_SECRET'] = 's3cr3t';
  onTestFinished(() => { delete process.env['ISESIM_TEST_SECRET']; });
  const boot = await makeBoot();
  const seen: string[] = [];
  const onPid = (pid: number) => {
    if (process.platform === 'linux') seen.push(...['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8')));
  };
  await expect(processLauncher({ onPid }).startNode(boot)).rejects.toThrow('CONNECTION_REFUSED');

  expect(seen.filter((text) => text.includes(boot.nats.key.seed) || text.includes(boot.sealingKey) || text.includes('s3cr3t'))).toEqual([]);
  expect((await stat(join(boot.folder, 'credentials.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(boot.folder, 'process.log'))).mode & 0o777).toBe(0o600);
  expect((await stat(boot.folder)).mode & 0o777).toBe(0o700);
});

test('a start that is called off ends its process', { timeout: 30_000 }, async () => {
  const mute = await startMuteServer();
  const calledOff = new AbortController();
  const started: { pid: number; gone: Promise<unknown> }[] = [];
  const failed = processLauncher({ onPid: (pid, gone) => started.push({ pid, gone }) }).startNode(await makeBoot({ url: mute.url }), calledOff.signal);
  const refused = expect(failed).rejects.toThrow('psn-1 could not start');
  await mute.connected;
  calledOff.abort();
  await refused;
  await Promise.all(started.map(({ gone }) => gone));

  expect(started.map(({ pid }) => isAlive(pid))).toEqual([false]);
});

test('a start that was called off before it began starts nothing', async () => {
  const pids: number[] = [];
  const failed = processLauncher({ onPid: (pid) => pids.push(pid) }).startNode(await makeBoot(), AbortSignal.abort(new Error('called off')));

  await expect(failed).rejects.toThrow('called off');
  expect(pids).toEqual([]);
});

test('a node whose parent is gone before it has joined leaves', { timeout: 30_000 }, async () => {
  const mute = await startMuteServer();
  const boot = await makeBoot({ url: mute.url });
  const bootFile = `${boot.folder}.json`;
  await writeFile(bootFile, JSON.stringify(boot));
  const node = fork(require.resolve('@isesim/psn/main'), [bootFile], { stdio: 'ignore' });
  onTestFinished(() => { node.kill('SIGKILL'); });
  const gone = once(node, 'exit');
  await mute.connected;
  node.disconnect();

  expect(await gone).toEqual([0, null]);
});
