import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const small = join(import.meta.dirname, '../../topology/small.yaml');

it.each(['inline', 'process'] as const)('nats-server killed under load comes back, and every mail leaves (%s)', async (isolation) => {
  await using deployment = await bootDeployment(small, { isolation });
  const emails = Array.from({ length: 60 }, (_, index) => `guest${index}@guest.example`);
  const created = Promise.all(emails.map((email) => deployment.createGuest({ node: 'ise-2', email })));
  process.kill(deployment.natsPid, 'SIGKILL');
  await created;
  const mails = await deployment.mails({ purpose: 'portal-notification' });
  expect(mails.flatMap(({ to }) => to).sort()).toEqual([...emails].sort());
  expect((await deployment.audit()).findings).toEqual([]);
  await deployment.clock.advance('1d');
  await deployment.raiseAlarm({ name: 'High CPU', node: 'ise-1' });
  expect((await deployment.mails({ purpose: 'alarm' })).map(({ sentBy }) => sentBy)).toEqual(['ise-2']);
});
