import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { expect, it } from 'vitest';

const medium = join(import.meta.dirname, '../../topology/medium.yaml');
const tenantId = '2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff';
const oauth = (clientSecret: string) => ({
  authentication: 'exchange-online-oauth' as const,
  emailAddress: 'no-reply@contoso.onmicrosoft.com',
  clientId: '7d8f0c1e-1111-4222-8333-444455556666',
  tenantId,
  clientSecret,
});

it('a saved change is one revision that every node holds', async () => {
  await using deployment = await bootDeployment(medium);
  await deployment.setSmtp({ connectionTimeout: '30s' });
  const { revision } = await deployment.saveSmtp();
  await deployment.quiet();
  expect(deployment.status().map(({ settingsRevision }) => settingsRevision)).toEqual(deployment.nodes.map(() => revision));
});

it('mail waits while the secret is wrong, and leaves with the settings that are held when they are right', async () => {
  await using deployment = await bootDeployment(medium);
  await deployment.setSmtp(oauth('mistyped'));
  await deployment.saveSmtp();
  await deployment.createGuest({ node: 'psn-3', email: 'ana@guest.example' });
  expect(await deployment.mails()).toEqual([]);
  expect(await deployment.guestLog('psn-3')).toContain('AADSTS7000215');
  await deployment.setSmtp(oauth('demo-secret'));
  await deployment.saveSmtp();
  await deployment.clock.advance('1h');
  await expect(deployment).toHaveSentOnly([{ to: 'ana@guest.example', sentBy: 'psn-3' }]);
});

it('a node that was down catches up with the settings when it is back', async () => {
  await using deployment = await bootDeployment(medium);
  await deployment.kill('psn-2');
  await deployment.setSmtp({ connectionTimeout: '45s' });
  const { revision } = await deployment.saveSmtp();
  await deployment.start('psn-2');
  await deployment.mails();
  expect(deployment.status().find(({ name }) => name === 'psn-2')?.settingsRevision).toBe(revision);
});

it('settings that are not as they should be are refused, and nothing changes', async () => {
  await using deployment = await bootDeployment(medium);
  const before = deployment.status().map(({ settingsRevision }) => settingsRevision);
  await expect(deployment.setSmtp({ port: 70_000 })).rejects.toMatchObject({ kind: 'wrong input' });
  await deployment.mails();
  expect(deployment.status().map(({ settingsRevision }) => settingsRevision)).toEqual(before);
});
