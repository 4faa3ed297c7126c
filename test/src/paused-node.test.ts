import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const small = join(import.meta.dirname, '../../topology/small.yaml');

it.each(['inline', 'process'] as const)('a paused node sends what fell due when it goes on; time does not wait for it (%s)', async (isolation) => {
  await using deployment = await bootDeployment(small, { isolation });
  await deployment.createGuest({ node: 'ise-2', email: 'ana@guest.example', type: 'Contractor', validFor: '5d' });
  await deployment.mails();
  await deployment.pause('ise-1');
  await deployment.clock.advance('3d');
  expect(await deployment.mails({ purpose: 'guest-expiry' })).toEqual([]);
  expect(deployment.status().find(({ name }) => name === 'ise-1')?.status).toBe('Disconnected');
  await expect(deployment.sendTestMail({ to: 'a@contoso.example' })).rejects.toThrow('ise-1 is paused');
  await deployment.heal();
  await deployment.clock.advance('1s');
  const notices = await deployment.mails({ purpose: 'guest-expiry' });
  expect(notices.map(({ sentBy, acceptedAtSimulated }) => [sentBy, acceptedAtSimulated])).toEqual([['ise-1', '2026-02-05T05:00:00Z']]);
});
