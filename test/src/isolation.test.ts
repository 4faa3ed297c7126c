import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const demo = join(import.meta.dirname, '../../topology/demo.yaml');

it('the same actions give the same mail, inline and in processes', async () => {
  const inline = await mailOf('inline');
  expect(inline.length).toBeGreaterThan(6);
  expect(await mailOf('process')).toEqual(inline);
});

/** Everything of the record but real time, in an order of its own: two nodes' mails of one instant may arrive either way. */
async function mailOf(isolation: 'inline' | 'process') {
  await using deployment = await bootDeployment(demo, { isolation, seed: 7 });
  await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example', type: 'Contractor', validFor: '5d' });
  await deployment.selfRegister({ node: 'psn-2', email: 'ben@guest.example' });
  await deployment.raiseAlarm({ node: 'psn-2', name: 'High CPU' });
  await deployment.sendTestMail({ to: 'tester@contoso.example' });
  await deployment.clock.advance('5d');
  const mails = await deployment.mails();
  return mails.map(({ acceptedAt: _realTime, ...simulated }) => simulated).sort((one, other) => one.id.localeCompare(other.id));
}
