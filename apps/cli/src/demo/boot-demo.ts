import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Progress } from '@isesim/deployment';
import type { DeploymentNode, Persona } from '@isesim/domain';
import { bootDeployment, fetchNatsServer, findNatsServer, type BootedDeployment, type BootOptions } from '@isesim/launch';
import { readTopology } from '@isesim/topology';
import type { Output } from './output.ts';
import { timeText } from './time-text.ts';

// The same from src and from dist, both of which lie in apps/cli.
const topologyFile = fileURLToPath(new URL('../../../../topology/demo.yaml', import.meta.url));
const seed = 1;

export interface BootDemoOptions {
  readonly isolation: BootOptions['isolation'];
  /** Path of nats-server. */
  readonly natsServer: string;
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
}

/** Boots topology/demo.yaml in stepped time and shows each part as it comes up. */
export async function bootDemo({ isolation, natsServer, env, output }: BootDemoOptions): Promise<BootedDeployment> {
  const { line, paint } = output;
  const topology = await readTopology(topologyFile, { env });
  const folder = await mkdtemp(join(tmpdir(), 'isesim-demo-'));
  line(paint.bold('Which node of a Cisco ISE deployment sends which mail?'));
  line();
  line(`Starting ${topology.nodes.length} nodes, ${isolation === 'process' ? 'each a process of its own' : 'all in this process'}:`);
  const booted = await bootDeployment({ topology, isolation, natsServer, folder, seed, onProgress: (progress) => { showProgress(progress, output); } });
  const { deployment } = booted;
  line();
  line(`The primary PAN is ${paint.bold(deployment.holderOf('primary PAN'))}, the active MnT ${paint.bold(deployment.holderOf('active MnT'))}.`);
  line(`Simulated time begins at ${timeText(deployment.now())} UTC and moves when the demo moves it.`);
  line();
  return booted;
}

/** The nats-server of this machine; if it has none, one is fetched. */
export async function natsServerFor(env: NodeJS.ProcessEnv, { line, paint }: Output): Promise<string> {
  const found = await findNatsServer(env);
  if (found !== undefined) return found;
  line('Fetching nats-server into the cache of isesim (once, nothing is installed) …');
  const path = await fetchNatsServer(env);
  line(paint.dim(`Fetched ${path}`));
  return path;
}

function showProgress(progress: Progress, { line, paint }: Output): void {
  const part = (name: string, address: string, what: string) => {
    line(`  ${paint.bold(name.padEnd(nameWidth))}  ${address.padEnd(addressWidth)}  ${paint.dim(what)}`);
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
      if (progress.status === 'Connected') part(progress.node.name, progress.node.address, personasText(progress.node));
      break;
    case 'lost':
      line(`  ${paint.red(`✗ ${progress.name} ended: ${progress.reason}`)}`);
      break;
    case 'stalled':
      line(`  ${paint.dim(`still waiting for ${progress.blockers.join(', ')}`)}`);
      break;
  }
}

const nameWidth = 'Microsoft 365'.length;
const addressWidth = '127.0.0.1:65535'.length;

const personaNames: Readonly<Record<Persona, string>> = { pan: 'Administration', mnt: 'Monitoring', psn: 'Policy Service' };

/** `Administration (primary), Monitoring (secondary)` */
function personasText({ personas, roles }: DeploymentNode): string {
  const roleOf = (persona: Persona) => (persona === 'psn' ? undefined : roles[persona]);
  return personas.map((persona) => `${personaNames[persona]}${roleOf(persona) ? ` (${roleOf(persona) ?? ''})` : ''}`).join(', ');
}
