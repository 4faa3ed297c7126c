import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const topology = (name: string) => join(import.meta.dirname, '../../topology', name);

it('500 guests created at once on one PSN get exactly one mail each', async () => {
  await using deployment = await bootDeployment(topology('demo.yaml'));
  const emails = Array.from({ length: 500 }, (_, index) => `guest${index}@guest.example`);
  await Promise.all(emails.map((email) => deployment.createGuest({ node: 'psn-1', email })));
  const mails = await deployment.mails({ purpose: 'portal-notification' });
  expect(mails.flatMap(({ to }) => to).sort()).toEqual([...emails].sort());
  expect(new Set(mails.map(({ sentBy }) => sentBy))).toEqual(new Set(['psn-1']));
  expect((await deployment.audit()).findings).toEqual([]);
});

it('54 nodes raise an alarm and 50 PSNs mail a guest at the same time', async () => {
  await using deployment = await bootDeployment(topology('maximum.yaml'));
  const psns = deployment.nodes.filter(({ personas }) => personas.includes('psn')).map(({ name }) => name);
  await Promise.all([
    ...psns.map((node) => deployment.createGuest({ node, email: `${node}@guest.example` })),
    ...deployment.nodes.map(({ name }) => deployment.raiseAlarm({ node: name, name: `High CPU of ${name}` })),
  ]);
  const mails = await deployment.mails();
  expect(mails.filter(({ purpose }) => purpose === 'alarm').map(({ subject }) => subject).sort()).toEqual(
    deployment.nodes.map(({ name }) => `ISE Alarm : Warning : High CPU of ${name}`).sort(),
  );
  expect(mails.filter(({ purpose }) => purpose === 'portal-notification').map(({ sentBy, to }) => [sentBy, to])).toEqual(
    expect.arrayContaining(psns.map((node) => [node, [`${node}@guest.example`]])),
  );
  expect(mails).toHaveLength(psns.length + deployment.nodes.length);
  expect((await deployment.audit()).findings).toEqual([]);
});
