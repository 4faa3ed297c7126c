import { bootDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { expect, it } from 'vitest';

it('guest expiry leaves the primary PAN', async () => {
  await using deployment = await bootDeployment('../topology/medium.yaml');
  await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example', type: 'Contractor', validFor: '5d' });
  await deployment.advance('3d');
  await expect(deployment).toHaveSent({ purpose: 'guest-expiry', to: 'ana@guest.example', sentBy: 'ise-1', count: 1 });
  await expect(deployment).toMatchNodeTable();
});
