// What a change costs with NATS alone: one key written, watched by as many clients as there are nodes, each on a connection of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchNatsServer, findNatsServer, startNatsServer } from '@isesim/launch';
import { connect } from 'nats';

const accounts = ['  BENCH { jetstream: enabled, users: [{ user: bench, password: bench }] }'];

/** Milliseconds from the write of a key to its arrival at the last of `watchers`. */
export async function bareWatch(watchers) {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-bench-'));
  const server = await startNatsServer({ binary: (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env)), folder, accounts });
  const open = () => connect({ servers: server.url, user: 'bench', pass: 'bench' });
  const connections = await Promise.all(Array.from({ length: watchers + 1 }, open));
  try {
    const [writer, ...readers] = connections;
    const bucket = await writer.jetstream().views.kv('settings');
    await bucket.put('page', 'before');
    const arrived = [];
    for (const reader of readers) {
      const watch = await (await reader.jetstream().views.kv('settings')).watch({ key: 'page' });
      arrived.push(until(watch, 'after'));
    }
    const started = performance.now();
    await bucket.put('page', 'after');
    await Promise.all(arrived);
    return performance.now() - started;
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function until(watch, value) {
  for await (const entry of watch) if (entry.string() === value) return;
}
