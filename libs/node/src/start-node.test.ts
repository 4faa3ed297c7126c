import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestClock, TestNats } from '@isesim/bus/testing';
import type { WorkReport, NodeBoot } from '@isesim/domain';
import { expect, onTestFinished, test } from 'vitest';
import { startNode } from './start-node.ts';

const members = { small: [{ name: 'ise-1', personas: ['pan' as const] }, { name: 'psn-1', personas: ['psn' as const] }] };

/** A NATS server with a coordinator that lets every newcomer begin; `connections` is who is connected by name. */
async function makeDeployment() {
  const nats = await TestNats.start(members);
  onTestFinished(() => nats[Symbol.asyncDispose]());
  const store = await nats.bus('small', 'store');
  const reports: WorkReport[] = [];
  store.onReport((report) => {
    if (reports.length === 0) store.grant('psn-1', { number: 1, time: 0, go: true });
    reports.push(report);
  });
  const folder = await mkdtemp(join(tmpdir(), 'isesim-start-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const boot: NodeBoot = {
    deployment: 'small',
    incarnation: 1,
    nats: { url: nats.url, key: nats.key('small', 'psn-1') },
    seed: 1,
    time: 0,
    folder: join(folder, 'psn-1'),
    node: { name: 'psn-1', fqdn: 'psn-1.ise.example', address: '127.0.0.9', personas: ['psn'], roles: {} },
    sealingKey: Buffer.alloc(32, 7).toString('base64'),
    hosts: {},
  };
  return { boot, reports, nats };
}

const noDefect = (what: string, error: unknown) => { throw new Error(what, { cause: error }); };

test('a node that is let in acts as its personas, and leaves when it is stopped', async () => {
  const { boot, reports } = await makeDeployment();
  const assumed: string[] = [];
  const node = await startNode(boot, { assume: { psn: ({ self }) => Promise.resolve(void assumed.push(self.name)) }, onDefect: noDefect });
  expect(assumed).toEqual(['psn-1']);
  expect(reports[0]).toMatchObject({ agent: 'psn-1#1', obeyed: 0 });

  await node.stop();
});

test('a node whose persona fails is not left behind half alive', async () => {
  const { boot, nats } = await makeDeployment();
  const fails = startNode(boot, { assume: { psn: () => Promise.reject(new Error('the persona is broken')) }, onDefect: noDefect });
  await expect(fails).rejects.toThrow('the persona is broken');

  const clock = new TestClock();
  const operator = await nats.bus('small', 'operator', { clock });
  const answer = operator.ask('psn-1', 'ping', {}).then(() => 'answered', (error: unknown) => String(error));
  for (let trip = 0; trip < 5; trip += 1) await operator.connection.flush();
  clock.passDeadlines();
  expect(await answer).toContain('psn-1 did not answer');
});

test('a node that has no folder to write to does not even connect', async () => {
  const { boot, reports } = await makeDeployment();
  await writeFile(boot.folder, 'where its folder should be');

  await expect(startNode(boot, { assume: {}, onDefect: noDefect })).rejects.toThrow(/EEXIST|ENOTDIR/);
  expect(reports).toEqual([]);
});
