import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';
import { AnotherClient } from './fixtures/another-client.ts';

const mailbox = 'no-reply@contoso.onmicrosoft.com';
const topology = `name: outside
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: primary }
  - { name: psn-1, psn: true }
microsoft365: { latency: { token: 0.75s, connect: 4.5s, submit: 4.75s } }
`;

it.each(['inline', 'process'] as const)('a client that is no node gets its token and its login while nobody advances the clock, which moves by the time that they take (%s)', async (isolation) => {
  await using deployment = await bootDeployment(topology, { isolation });
  const client = new AnotherClient(deployment);
  const { objects } = await deployment.m365('$app = Get-MgApplication; $app.AppId; (Add-MgApplicationPassword -ApplicationId $app.Id).SecretText');
  const [clientId = '', secret = ''] = objects as string[];
  const form = new URLSearchParams({ client_id: clientId, client_secret: secret, scope: 'https://outlook.office.com/.default', grant_type: 'client_credentials' }).toString();
  const { status, token = '' } = await client.askForToken('contoso.onmicrosoft.com', form);
  expect([status, deployment.clock.now()]).toEqual([200, '2026-02-02T05:00:00.750Z']);
  expect(await client.authenticate(mailbox, token, 'TLSv1.3')).toMatch(/^235 /);
  expect(deployment.clock.now()).toBe('2026-02-02T05:00:05.250Z');
});

it('a node that waits for Exchange Online still waits until somebody advances the clock', async () => {
  await using deployment = await bootDeployment(topology);
  await deployment.raiseAlarm({ node: 'psn-1', name: 'High CPU' });
  expect([deployment.clock.now(), await deployment.mails()]).toEqual(['2026-02-02T05:00:00Z', []]);
  await deployment.clock.advance('10s');
  expect(await deployment.mails()).toHaveLength(1);
});
