import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { expect, it } from 'vitest';

const small = join(import.meta.dirname, '../../topology/small.yaml');

it.each(['inline', 'process'] as const)('nats-server killed under load comes back, and every mail leaves (%s)', async (isolation) => {
  await using deployment = await bootDeployment(small, { isolation });
  const emails = Array.from({ length: 60 }, (_, index) => `guest${index}@guest.example`);
  const created = Promise.all(emails.map((email) => deployment.createGuest({ node: 'ise-2', email })));
  process.kill(deployment.natsPid, 'SIGKILL');
  await created;
  await expect(deployment).toHaveSentOnly(emails.map((to) => ({ to, purpose: 'portal-notification' })));
  await expect(deployment).toMatchNodeTable();
  await deployment.clock.advance('1d');
  await deployment.raiseAlarm({ name: 'High CPU', node: 'ise-1' });
  await expect(deployment).toHaveSent({ purpose: 'alarm', sentBy: 'ise-2', count: 1 });
});
