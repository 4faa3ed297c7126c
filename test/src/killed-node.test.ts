import { join } from 'node:path';
import { bootDeployment, type TestDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { describe, expect, it } from 'vitest';

const small = join(import.meta.dirname, '../../topology/small.yaml');
const slow = (latency: string) => `
name: slow
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: pan-1, pan: primary, mnt: primary }
  - { name: psn-1, psn: true }
microsoft365: { latency: ${latency} }
`;
// Time for a kill before Exchange has anything of the mail …
const slowConnection = slow('{ connect: 10s }');
// … and while it has the message and has not answered.
const slowSubmission = slow('{ submit: 10s }');

describe.each(['inline', 'process'] as const)('a node that is killed (%s)', (isolation) => {
  it('sends what it owes when it is back', async () => {
    const guests = ['a@guest.example', 'b@guest.example', 'c@guest.example'];
    await using deployment = await bootDeployment(slowConnection, { isolation });
    for (const email of guests) await deployment.createGuest({ node: 'psn-1', email });
    await deployment.kill('psn-1');
    expect(deployment.status().find(({ name }) => name === 'psn-1')?.status).toBe('Disconnected');
    const owed = await deployment.outbox();
    expect(owed.map(({ notification, end }) => [notification.to, end])).toEqual(guests.map((email) => [[email], undefined]));

    await deployment.start('psn-1');
    await deployment.clock.advance('1m');
    await expect(deployment).toHaveSentOnly(guests.map((to) => ({ to, sentBy: 'psn-1' })));
    await expect(deployment).toMatchNodeTable();
  });

  it('after the final dot and before the answer tries again under the same Message-ID', async () => {
    await using deployment = await bootDeployment(slowSubmission, { isolation });
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    const [owed] = await deployment.outbox();
    expect(owed).toMatchObject({ notification: { to: ['ana@guest.example'] }, end: undefined });
    await deployment.kill('psn-1');
    expect(await deployment.mails()).toEqual([]);
    await deployment.start('psn-1');
    await deployment.clock.advance('1m');
    expect(await letters(deployment)).toEqual(['ana@guest.example']);
    const [mail] = await deployment.mails();
    expect(mail?.messageId).toBe(`${owed?.notification.id ?? ''}@ise.example`);
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
    expect(await letters(deployment)).toEqual([1, 2, 3, 4].map((round) => `guest${round}@guest.example`));
  });
});

/** The recipients of all mail. What came twice under one Message-ID counts once: whether Exchange had it the sender could not know. */
async function letters(deployment: TestDeployment): Promise<string[]> {
  const mails = await deployment.mails({ purpose: 'portal-notification' });
  return [...new Map(mails.map(({ messageId, to }) => [messageId, to.join()])).values()].sort();
}

it('an alarm raised while the active MnT is down is mailed when it is back', async () => {
  await using deployment = await bootDeployment(small);
  await deployment.kill('ise-2');
  await deployment.raiseAlarm({ node: 'ise-1', name: 'Process Down', severity: 'Critical' });
  expect(await deployment.mails({ purpose: 'alarm' })).toEqual([]);
  await deployment.start('ise-2');
  await expect(deployment).toHaveSentOnly([{ purpose: 'alarm', sentBy: 'ise-2' }]);
});

it('what is sent on request before and after a restart are two mails, at the same moment too', async () => {
  await using deployment = await bootDeployment(small);
  await deployment.createGuest({ node: 'ise-1', email: 'ana@guest.example' });
  const began = deployment.clock.now();
  for (const restarts of [0, 1]) {
    if (restarts > 0) await deployment.restart('ise-1');
    await deployment.resendCredentials({ node: 'ise-1', guest: 'ana@guest.example' });
    await deployment.sendTestMail('admin@contoso.example');
  }
  expect(deployment.clock.now()).toBe(began);

  await deployment.clock.advance('1m');
  await deployment.expectMail({ template: 'guest-credentials-resent', sentBy: 'ise-1', count: 2 });
  await deployment.expectMail({ template: 'portal-test', sentBy: 'ise-1', count: 2 });
});

it('without the primary PAN there is no new guest, and the portal says why', async () => {
  await using deployment = await bootDeployment(small);
  await deployment.kill('ise-1');
  const began = deployment.clock.now();
  await expect(deployment.createGuest({ node: 'ise-2', email: 'ana@guest.example' })).rejects.toThrow('the primary PAN ise-1 is not running, so no guest account can be written');
  expect(deployment.clock.now()).toBe(began);
});
