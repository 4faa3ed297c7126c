// A nats-server with one open account: what a baseline has besides itself.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchNatsServer, findNatsServer, startNatsServer } from '@isesim/launch';
import { connect } from 'nats';

const accounts = ['  BENCH { jetstream: enabled, users: [{ user: bench, password: bench }] }'];

/** What `run` measures with it, given its url and its folder. */
export async function withBareServer(run) {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-bench-'));
  try {
    const server = await startNatsServer({ binary: (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env)), folder, accounts });
    try {
      return await run(server.url, folder);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function connectBare(url) {
  return connect({ servers: url, user: 'bench', pass: 'bench' });
}
