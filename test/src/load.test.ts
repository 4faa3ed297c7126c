import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { expect, it } from 'vitest';

const topology = (name: string) => join(import.meta.dirname, '../../topology', name);

it('500 guests created at once on one PSN get exactly one mail each', async () => {
  await using deployment = await bootDeployment(topology('demo.yaml'));
  const emails = Array.from({ length: 500 }, (_, index) => `guest${index}@guest.example`);
  await Promise.all(emails.map((email) => deployment.createGuest({ node: 'psn-1', email })));
  await expect(deployment).toHaveSentOnly(emails.map((to) => ({ to, purpose: 'portal-notification', sentBy: 'psn-1' })));
  await expect(deployment).toMatchNodeTable();
});

it('54 nodes raise an alarm and 50 PSNs mail a guest at the same time', async () => {
  await using deployment = await bootDeployment(topology('maximum.yaml'));
  const psns = deployment.nodes.filter(({ personas }) => personas.includes('psn')).map(({ name }) => name);
  await Promise.all([
    ...psns.map((node) => deployment.createGuest({ node, email: `${node}@guest.example` })),
    ...deployment.nodes.map(({ name }) => deployment.raiseAlarm({ node: name, name: `High CPU of ${name}` })),
  ]);
  await expect(deployment).toHaveSentOnly([
    ...psns.map((node) => ({ to: `${node}@guest.example`, sentBy: node })),
    ...deployment.nodes.map(({ name }) => ({ purpose: 'alarm' as const, subject: `ISE Alarm : Warning : High CPU of ${name}`, sentBy: 'mnt-1' })),
  ]);
  await expect(deployment).toMatchNodeTable();
});
