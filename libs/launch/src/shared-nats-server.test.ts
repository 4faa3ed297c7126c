import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, streamsOf } from '@isesim/bus';
import { TestClock } from '@isesim/bus/testing';
import { createCredentials } from '@isesim/deployment';
import { parseTopology } from '@isesim/topology';
import { expect, onTestFinished, test } from 'vitest';
import { bootDeployment } from './boot-deployment.ts';
import { fetchNatsServer, findNatsServer } from './nats-server.ts';
import { startSharedNatsServer } from './shared-nats-server.ts';

const binary = (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env));
const topology = parseTopology('name: pair\nnodes:\n  - { name: ise-1, pan: primary, mnt: primary }\n  - { name: psn-1, psn: true }\n', { file: 'pair.yaml', env: {} });

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-shared-nats-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** One server that is ready for deployments of these names, and a way to boot them. */
async function shareServer(...names: string[]) {
  const folder = await temporaryFolder();
  const deployments = names.map((name) => ({ name, nodes: topology.nodes, credentials: createCredentials(topology.nodes.map((node) => node.name)) }));
  const server = await startSharedNatsServer({ binary, folder: join(folder, 'nats'), deployments });
  onTestFinished(() => server.stop());
  const credentialsOf = (name: string) => {
    const found = deployments.find((each) => each.name === name);
    if (!found) throw new RangeError(name);
    return found.credentials;
  };
  const boot = async (name: string) => {
    const booted = await bootDeployment({ topology, name, isolation: 'inline', nats: { url: server.url, credentials: credentialsOf(name), level2: true }, folder: join(folder, name), seed: 1 });
    onTestFinished(() => booted.stop());
    return booted;
  };
  /** The streams that the store account of a deployment holds. */
  const streams = async (name: string) => {
    const bus = await Bus.connect({ url: server.url, key: credentialsOf(name).store, deployment: name, name: 'looker', incarnation: 'looker#1', clock: new TestClock() });
    try {
      return (await (await bus.connection.jetstreamManager()).streams.list().next()).map(({ config }) => config.name);
    } finally {
      await bus.close();
    }
  };
  return { server, boot, streams, folder: join(folder, 'nats') };
}

test('two deployments of one topology share a server, and neither sees nor disturbs the other', { timeout: 60_000 }, async () => {
  const { boot, streams } = await shareServer('first', 'second');
  const [first, second] = await Promise.all([boot('first'), boot('second')]);
  await first.deployment.ask('psn-1', 'create-guest', { portal: 'sponsor', email: 'ana@guest.example' });
  await second.deployment.ask('psn-1', 'create-guest', { portal: 'sponsor', email: 'ben@guest.example' });
  await Promise.all([first.deployment.quiet(), second.deployment.quiet()]);

  expect(first.deployment.mails.all().map(({ to, sentBy }) => [to, sentBy])).toEqual([[['ana@guest.example'], 'psn-1']]);
  expect(second.deployment.mails.all().map(({ to, sentBy }) => [to, sentBy])).toEqual([[['ben@guest.example'], 'psn-1']]);
  expect(await streams('first')).toContain(streamsOf('first').mail.name);

  await first.stop();
  await second.deployment.ask('psn-1', 'create-guest', { portal: 'sponsor', email: 'cora@guest.example' });
  await second.deployment.quiet();

  expect(await streams('first')).toEqual([]);
  expect(second.deployment.mails.all()).toHaveLength(2);
});

test('a name can be used again once its deployment has stopped', { timeout: 60_000 }, async () => {
  const { boot } = await shareServer('first');
  for (const guest of ['ana@guest.example', 'ben@guest.example']) {
    const { deployment, stop } = await boot('first');
    await deployment.ask('psn-1', 'create-guest', { portal: 'sponsor', email: guest });
    await deployment.quiet();

    expect(deployment.mails.all().map(({ to }) => to)).toEqual([[guest]]);
    await stop();
  }
});

test('a shared server that is stopped leaves nothing', { timeout: 30_000 }, async () => {
  const { server, folder } = await shareServer('first');
  expect(existsSync(folder)).toBe(true);
  await server.stop();

  expect(existsSync(folder)).toBe(false);
});
