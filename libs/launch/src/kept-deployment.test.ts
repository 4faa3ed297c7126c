import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCredentials } from '@isesim/deployment';
import { parseTopology } from '@isesim/topology';
import { expect, onTestFinished, test } from 'vitest';
import { bootDeployment, type BootOptions } from './boot-deployment.ts';
import { fetchNatsServer, findNatsServer } from './nats-server.ts';
import { startSharedNatsServer } from './shared-nats-server.ts';

const binary = (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env));
const topology = parseTopology('name: pair\nnodes:\n  - { name: ise-1, pan: primary, mnt: primary }\n  - { name: psn-1, psn: true }\n', { file: 'pair.yaml', env: {} });
const day = 86_400_000;

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-kept-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function boot(folder: string, options: Partial<BootOptions>) {
  const booted = await bootDeployment({ topology, isolation: 'inline', folder: join(folder, 'pair'), seed: 1, ...options });
  onTestFinished(() => booted.stop());
  return booted;
}

/** A server of others that lives on while deployments come and go. */
async function othersServer(folder: string) {
  const credentials = createCredentials(topology.nodes.map(({ name }) => name));
  const server = await startSharedNatsServer({ binary, folder: join(folder, 'nats'), deployments: [{ name: 'pair', nodes: topology.nodes, credentials }] });
  onTestFinished(() => server.stop());
  return { nats: { url: server.url, credentials, level2: true } };
}

test.each([
  ['a server of its own', () => Promise.resolve({ natsServer: binary })],
  ['a server of others', othersServer],
])('a deployment on %s that was kept goes on where it was: nothing is lost', { timeout: 60_000 }, async (_what, serverFor) => {
  const folder = await temporaryFolder();
  const server = await serverFor(folder);
  const before = await boot(folder, server);
  await before.deployment.advance(topology.startTime + day);
  await before.deployment.ask('psn-1', 'create-guest', { portal: 'sponsor', email: 'ana@guest.example', validForMs: 10 * day });
  await before.deployment.quiet();
  await before.deployment.addFault({ to: 'smtp.office365.com', fault: 'reset', after: 'connect' });
  await before.deployment.ask('psn-1', 'create-guest', { portal: 'sponsor', email: 'ben@guest.example', validForMs: 10 * day });
  await before.deployment.quiet();
  const sentBefore = before.deployment.mails.all().map(({ id }) => id);
  const kept = JSON.parse(JSON.stringify(await before.keep())) as Awaited<ReturnType<typeof before.keep>>;

  const { deployment } = await boot(folder, { ...server, kept });
  expect(deployment.now()).toBe(topology.startTime + day);
  expect(deployment.faults()).toEqual([{ to: 'smtp.office365.com', fault: 'reset', after: 'connect' }]);
  await deployment.heal();
  await deployment.advance(topology.startTime + 2 * day);

  expect(sentBefore).toHaveLength(1);
  expect(deployment.mails.all().map(({ to }) => to)).toEqual([['ana@guest.example'], ['ben@guest.example']]);
  expect(deployment.mails.all()[0]?.id).toBe(sentBefore[0]);
  expect(deployment.history).toEqual(before.deployment.history);
  expect(deployment.states().map(({ settingsRevision }) => settingsRevision)).toEqual(before.deployment.states().map(({ settingsRevision }) => settingsRevision));
  expect(kept.memory.incarnations).toEqual({ microsoft365: 1, 'ise-1': 1, 'psn-1': 1 });
  expect(deployment.memory().incarnations).toEqual({ microsoft365: 2, 'ise-1': 2, 'psn-1': 2 });
  expect(deployment.audit()).toEqual({ judged: 2, findings: [] });

  await deployment.advance(topology.startTime + 12 * day);
  await deployment.quiet();
  expect(deployment.mails.all({ purpose: 'guest-expiry' }).map(({ to, sentBy }) => [to, sentBy])).toEqual([[['ana@guest.example'], 'ise-1'], [['ben@guest.example'], 'ise-1']]);
});

test('what was broken is broken when a kept deployment goes on, and what was healed is not', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const withFault = parseTopology('name: pair\nnodes:\n  - { name: ise-1, pan: primary, mnt: primary }\n  - { name: psn, psn: true, count: 3 }\nfaults:\n  - { fault: token-503 }\n', { file: 'pair.yaml', env: {} });
  const before = await boot(folder, { natsServer: binary, topology: withFault });
  await before.deployment.heal();
  await before.deployment.isolate('psn-1');
  await before.deployment.addFault({ node: 'psn-2', to: 'nats', fault: 'hang' });
  await before.deployment.addFault({ node: 'psn-3', to: 'nats', fault: 'slow', delayMs: 5_000 });
  const faults = before.deployment.faults();
  const kept = JSON.parse(JSON.stringify(await before.keep())) as Awaited<ReturnType<typeof before.keep>>;

  const { deployment } = await boot(folder, { natsServer: binary, topology: withFault, kept });
  expect(deployment.faults()).toEqual(faults);
  expect(deployment.states().map(({ status, reason }) => [status, reason])).toEqual([['Connected', undefined], ['Disconnected', 'isolated'], ['Disconnected', 'cut off from NATS'], ['Connected', undefined]]);
  await deployment.heal();
  await deployment.quiet();
  expect(deployment.states().map(({ status }) => status)).toEqual(['Connected', 'Connected', 'Connected', 'Connected']);
});

test('a kept deployment that does not come up stays kept', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const before = await boot(folder, { natsServer: binary });
  const kept = await before.keep();
  await expect(boot(folder, { natsServer: join(folder, 'no-such-binary'), kept })).rejects.toMatchObject({ code: 'nats-server' });

  const { deployment } = await boot(folder, { natsServer: binary, kept });
  expect(deployment.states().map(({ status }) => status)).toEqual(['Connected', 'Connected']);
});
