import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { keepNatsServer } from './keep-nats-server.ts';
import { fetchNatsServer, findNatsServer } from './nats-server.ts';

const binary = (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env));

/** A server that is kept; `lost` is what was told of its ends. Its binary can be taken away. */
async function keep() {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-kept-nats-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const link = join(folder, 'nats-server');
  await symlink(binary, link);
  const lost: string[] = [];
  const pids: number[] = [];
  const nats = await keepNatsServer({ binary: link, folder: join(folder, 'nats'), accounts: [], onPid: (pid) => pids.push(pid) }, (reason) => lost.push(reason));
  onTestFinished(() => nats.stop());
  return { nats, lost, pids, takeBinaryAway: () => rm(link), bringBinaryBack: () => symlink(binary, link), port: Number(new URL(nats.url).port) };
}

async function listens(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'data').finally(() => socket.destroy());
}

test('a server that dies is started again on the same port, as often as it dies', async () => {
  const { nats, lost, port } = await keep();
  for (let death = 1; death <= 3; death += 1) {
    const { pid } = nats;
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => { expect(nats.pid).not.toBe(pid); }, { timeout: 10_000 });
    await listens(port);

    expect(lost).toEqual(Array.from({ length: death }, () => 'nats-server ended (SIGKILL)'));
  }
  expect(await readFile(`/proc/${nats.pid}/cmdline`, 'utf8').catch(() => 'nats-server')).toContain('nats-server');
});

test('a server that is stopped stays away', async () => {
  const { nats, lost, pids, port } = await keep();
  await nats.stop();

  await expect(listens(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(lost).toEqual([]);
  expect(pids).toHaveLength(1);
});

test('a server that is stopped while it is started again stays away, too', async () => {
  const { nats, lost, port } = await keep();
  process.kill(nats.pid, 'SIGKILL');
  await vi.waitFor(() => { expect(lost).toHaveLength(1); }, { timeout: 10_000 });
  await nats.stop();

  await expect(listens(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a server that cannot be started again is told, with why, and tried again until it can', async () => {
  const { nats, lost, takeBinaryAway, bringBinaryBack, port } = await keep();
  const { pid } = nats;
  await takeBinaryAway();
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => { expect(lost.length).toBeGreaterThan(1); }, { timeout: 10_000 });

  expect(lost[1]).toMatch(/^nats-server could not start again: nats-server could not start: spawn \S+ ENOENT$/);
  await bringBinaryBack();
  await vi.waitFor(() => { expect(nats.pid).not.toBe(pid); }, { timeout: 15_000 });
  await listens(port);
}, 30_000);

test('a server that dies time and again is started each time', async () => {
  const { nats, port } = await keep();
  for (let death = 1; death <= 4; death += 1) {
    const { pid } = nats;
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => { expect(nats.pid).not.toBe(pid); }, { timeout: 10_000 });
  }
  await listens(port);
}, 30_000);
