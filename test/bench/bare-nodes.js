// Processes that load what a node loads and connect, and no more.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../bundle-options.mjs';
import { withBareServer } from './bare-server.js';

/** Milliseconds from nothing, nats-server included, until the last of `count` processes is connected. */
export async function connectedProcesses(count, atOnce) {
  await bundle();
  const started = performance.now();
  return withBareServer(async (url) => {
    const end = await startBareNodes(count, atOnce, [url]);
    const ms = performance.now() - started;
    await end();
    return ms;
  });
}

/** Starts them, so many at a time; resolves, when all are ready, with what ends them. */
export async function startBareNodes(count, atOnce, args) {
  const main = await bundle();
  const children = [];
  const lane = async () => {
    while (children.length < count) {
      const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      children.push(child);
      await once(child, 'message');
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return async () => {
    const ended = children.map((child) => once(child, 'exit'));
    for (const child of children) child.kill();
    await Promise.all(ended);
  };
}

function once(child, event) {
  return new Promise((resolve, reject) => {
    child.once(event, resolve);
    child.once('error', reject);
  });
}

let bundled;

/** As bundle.mjs does it for a node. */
async function bundle() {
  bundled ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'isesim-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    await build({
      entryPoints: [join(import.meta.dirname, 'bare-node.js')],
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      ...bundleOptions,
    });
    return join(folder, 'bare-node.mjs');
  })();
  return bundled;
}
