import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { describe, expect, it } from 'vitest';

const small = join(import.meta.dirname, '../../topology/small.yaml');
// Time for a kill while Exchange has the message and has not answered.
const slowSubmission = `
name: slow
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: pan-1, pan: primary, mnt: primary }
  - { name: psn-1, psn: true }
microsoft365: { latency: { submit: 10s } }
`;

describe.each(['inline', 'process'] as const)('a node that is killed (%s)', (isolation) => {
  it('sends what it owes when it is back', async () => {
    await using deployment = await bootDeployment(small, { isolation });
    for (const email of ['a@guest.example', 'b@guest.example', 'c@guest.example']) await deployment.createGuest({ node: 'ise-1', email });
    await deployment.kill('ise-1');
    expect(deployment.status().find(({ name }) => name === 'ise-1')?.status).toBe('Disconnected');
    await deployment.start('ise-1');
    const mails = await deployment.mails({ purpose: 'portal-notification' });
    expect(new Set(mails.flatMap(({ to }) => to))).toEqual(new Set(['a@guest.example', 'b@guest.example', 'c@guest.example']));
    expect(new Set(mails.map(({ sentBy }) => sentBy))).toEqual(new Set(['ise-1']));
    expect((await deployment.audit()).findings).toEqual([]);
  });

  it('after the final dot and before the answer tries again under the same Message-ID', async () => {
    await using deployment = await bootDeployment(slowSubmission, { isolation });
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    expect(await deployment.mails()).toEqual([]);
    await deployment.kill('psn-1');
    await deployment.start('psn-1');
    await deployment.clock.advance('1m');
    const mails = await deployment.mails();
    expect(mails.map(({ to }) => to)).toContainEqual(['ana@guest.example']);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('can be killed and started again and again while time passes', async () => {
    await using deployment = await bootDeployment(slowSubmission, { isolation });
    for (let round = 1; round <= 4; round += 1) {
      await deployment.createGuest({ node: 'psn-1', email: `guest${round}@guest.example` });
      await deployment.clock.advance(`${3 * round}s`);
      await deployment.kill('psn-1');
      await deployment.start('psn-1');
    }
    await deployment.clock.advance('5m');
    const reached = new Set((await deployment.mails({ purpose: 'portal-notification' })).flatMap(({ to }) => to));
    expect(reached).toEqual(new Set([1, 2, 3, 4].map((round) => `guest${round}@guest.example`)));
  });
});

it('an alarm raised while the active MnT is down is mailed when it is back', async () => {
  await using deployment = await bootDeployment(small);
  await deployment.kill('ise-2');
  await deployment.raiseAlarm({ node: 'ise-1', name: 'Process Down', severity: 'Critical' });
  expect(await deployment.mails({ purpose: 'alarm' })).toEqual([]);
  await deployment.start('ise-2');
  expect((await deployment.mails({ purpose: 'alarm' })).map(({ sentBy }) => sentBy)).toEqual(['ise-2']);
});

it('without the primary PAN there is no new guest, and the portal says why', async () => {
  await using deployment = await bootDeployment(small);
  await deployment.kill('ise-1');
  const began = deployment.clock.now();
  await expect(deployment.createGuest({ node: 'ise-2', email: 'ana@guest.example' })).rejects.toThrow('ise-1 did not answer "write-guest" within 10 s');
  expect(Date.parse(deployment.clock.now()) - Date.parse(began)).toBe(10_000);
});
