import { bootDeployment, type TestBootOptions, type TestDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

// So many in a row have been equal with every core taken by other programs; a few are enough to see that something has come loose.
const runs = Number(process.env['ISESIM_SAME_RECORD_RUNS'] ?? 4);

// Guests whose notices fall due at one instant, an administrator and users reminded at one midnight, some of it overdue at the
// start, and a double that takes its time, so that submissions overlap.
const topology = `
name: same
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: secondary }
  - { name: ise-2, pan: secondary, mnt: primary }
  - { name: psn, psn: true, count: 4 }
internalUsers:
  - { name: jdoe, email: jdoe@contoso.example, passwordChanged: 2025-12-10 }
  - { name: mroe, email: mroe@contoso.example, passwordChanged: 2025-12-16 }
  - { name: kfoo, email: kfoo@contoso.example, passwordChanged: 2025-12-16 }
guests:
  - { count: 12, type: Contractor, created: 2026-02-01T09:00:00Z, validFor: 4d }
  - { count: 3, type: Contractor, created: 2026-01-31T09:00:00Z, validFor: 4d }
microsoft365: { latency: { token: 1s, connect: 4s, submit: 5s } }
`;

it('the same topology, events and seed give the same record, to the byte and in the same order', async () => {
  const [first, ...others] = await recordsOf(runs, { seed: 7 });
  expect(first?.length).toBeGreaterThan(50);
  for (const record of others) expect(record).toEqual(first);
}, 60_000 + runs * 15_000);

it('the record is the same when every node is a process of its own and the order is fixed', async () => {
  const [inline] = await recordsOf(1, { seed: 7 });
  const [processes] = await recordsOf(1, { seed: 7, isolation: 'process', order: 'fixed' });
  expect(processes).toEqual(inline);
});

it('another seed gives another record', async () => {
  const [one] = await recordsOf(1, { seed: 7 });
  const [other] = await recordsOf(1, { seed: 8 });
  expect(other?.length).toBe(one?.length);
  expect(other).not.toEqual(one);
});

async function recordsOf(count: number, options: TestBootOptions): Promise<unknown[][]> {
  const records: unknown[][] = [];
  for (let run = 0; run < count; run += 1) {
    await using deployment = await bootDeployment(topology, options);
    await live(deployment);
    records.push(await recordOf(deployment));
  }
  return records;
}

/** All that a mail's record says but when it was in real time, and the message itself. */
async function recordOf(deployment: TestDeployment): Promise<unknown[]> {
  const mails = await deployment.mails();
  return mails.map(({ acceptedAt: _realTime, ...simulated }) => ({ ...simulated, source: deployment.source(simulated.id) }));
}

async function live(deployment: TestDeployment): Promise<void> {
  const psns = ['psn-1', 'psn-2', 'psn-3', 'psn-4'];
  await Promise.all(psns.flatMap((node) => ['ana', 'ben', 'eva'].map((name) => deployment.createGuest({ node, email: `${name}@${node}.example`, validFor: '5d' }))));
  await Promise.all([...psns, 'ise-1'].map((node) => deployment.raiseAlarm({ node, name: 'High CPU' })));
  await deployment.clock.advance('3s');
  await deployment.kill('psn-2');
  await deployment.raiseAlarm({ node: 'psn-3', name: 'Node down' });
  await deployment.selfRegister({ node: 'psn-3', email: 'new@guest.example', validFor: '4d' });
  await deployment.clock.advance('1d');
  await deployment.start('psn-2');
  await Promise.all(psns.map((node) => deployment.createGuest({ node, email: `late@${node}.example`, validFor: '4d' })));
  await deployment.sendTestMail({ to: 'tester@contoso.example' });
  await deployment.pause('psn-4');
  await deployment.clock.advance('10s');
  await deployment.heal();
  await deployment.clock.advance('4d');
}
