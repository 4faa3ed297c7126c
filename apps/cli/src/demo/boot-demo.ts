import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '@isesim/deployment';
import { Problem } from '@isesim/domain';
import { bootDeployment, fetchNatsServer, findNatsServer, type BootedDeployment, type BootOptions } from '@isesim/launch';
import { readTopology } from '@isesim/topology';
import { personasText } from '../output/status-text.ts';
import { packageFolder } from '../package-folder.ts';
import type { Output } from './output.ts';
import { timeText } from './time-text.ts';

export interface BootDemoOptions {
  readonly isolation: BootOptions['isolation'];
  /** Path of nats-server. */
  readonly natsServer: string;
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
  /** Ends the boot; aborted when the demo cannot go on. */
  readonly ending: AbortController;
}

// The same mail and the same accounts every time.
const seed = 1;

/** Boots topology/demo.yaml in stepped time and shows each part as it comes up. */
export async function bootDemo({ isolation, natsServer, env, output, ending }: BootDemoOptions): Promise<BootedDeployment> {
  const { line, paint } = output;
  const topology = await readTopology(join(packageFolder(), '..', '..', 'topology', 'demo.yaml'), { env });
  const folder = await mkdtemp(join(tmpdir(), 'isesim-demo-'));
  line(`Starting ${topology.nodes.length} nodes, ${isolation === 'process' ? 'each a process of its own' : 'all in this process'}:`);
  const onProgress = (progress: Progress) => {
    showProgress(progress, output);
    if (progress.kind === 'lost' && progress.name === 'nats-server') ending.abort(natsServerLost(progress.reason));
  };
  const booted = await bootDeployment({ topology, isolation, natsServer, folder, seed, onProgress, signal: ending.signal }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const { deployment } = booted;
  line();
  line(`The primary PAN is ${paint('bold', deployment.holderOf('primary PAN'))}, the active MnT ${paint('bold', deployment.holderOf('active MnT'))}.`);
  line(`Simulated time begins at ${timeText(deployment.now())} UTC and moves when the demo moves it.`);
  line();
  return booted;
}

/** The nats-server of this machine; if it has none, one is fetched. */
export async function natsServerFor(env: NodeJS.ProcessEnv, { line, paint }: Output): Promise<string> {
  const found = await findNatsServer(env);
  if (found !== undefined) return found;
  line('Fetching nats-server into the cache of isesim: once, and nothing is installed …');
  const path = await fetchNatsServer(env);
  line(paint('dim', `Fetched ${path}`));
  line();
  return path;
}

function showProgress(progress: Progress, { line, paint }: Output): void {
  const part = (name: string, address: string, what: string) => {
    line(`  ${paint('bold', name.padEnd(nameWidth))}  ${address.padEnd(addressWidth)}  ${paint('dim', what)}`);
  };
  switch (progress.kind) {
    case 'nats':
      part('nats-server', new URL(progress.url).host, 'carries everything between the nodes');
      break;
    case 'microsoft365': {
      const { login, smtp } = progress.ready;
      part('Microsoft 365', `${smtp.host}:${smtp.port}`, `simulated: Exchange Online, and Entra ID on port ${login.port}`);
      break;
    }
    case 'node':
      if (progress.status === 'Connected') part(progress.node.name, progress.node.address, `connected: ${personasText(progress.node)}`);
      break;
    case 'lost':
      line(`  ${paint('red', `✗ ${progress.name} is gone: ${progress.reason}`)}`);
      break;
    case 'notice':
      line(`  ${paint('dim', progress.text)}`);
      break;
    case 'stalled':
      line(`  ${paint('dim', `still waiting for ${progress.blockers.join(', ')}`)}`);
      break;
  }
}

const nameWidth = 'Microsoft 365'.length;
const addressWidth = '127.0.0.1:65535'.length;

function natsServerLost(reason: string): Problem {
  return new Problem('could not run', 'nats-server', reason, 'Start the demo again; look at the memory and disk that are left.');
}
