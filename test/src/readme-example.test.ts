import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

it('guest expiry leaves the primary PAN', async () => {
  await using deployment = await bootDeployment('../topology/medium.yaml');
  await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example', type: 'Contractor', validFor: '5d' });
  await deployment.clock.advance('3d');
  const [notice] = await deployment.mails({ purpose: 'guest-expiry', to: 'ana@guest.example' });
  expect(notice?.sentBy).toBe('ise-1');
});
