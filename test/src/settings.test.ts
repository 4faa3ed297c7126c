import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { expect, it } from 'vitest';

const medium = join(import.meta.dirname, '../../topology/medium.yaml');
const application = '$app = Get-MgApplication -Filter "displayName eq \'isesim\'"';

it('a saved change is one revision that every node holds', async () => {
  await using deployment = await bootDeployment(medium);
  await deployment.setSmtp({ connectionTimeout: '30s' });
  await deployment.testConnection();
  const { revision } = await deployment.saveSmtp();
  await deployment.quiet();
  expect(deployment.status().map(({ settingsRevision }) => settingsRevision)).toEqual(deployment.nodes.map(() => revision));
});

it('mail waits once the secret is removed at Entra ID, and leaves with a new one that is tested and saved', async () => {
  await using deployment = await bootDeployment(medium);
  await deployment.m365(`${application}\nRemove-MgApplicationPassword -ApplicationId $app.Id -KeyId $app.PasswordCredentials[0].KeyId`);
  await deployment.createGuest({ node: 'psn-3', email: 'ana@guest.example' });
  expect(await deployment.mails()).toEqual([]);
  expect(await deployment.guestLog('psn-3')).toContain('AADSTS7000215');
  const { objects } = await deployment.m365(`${application}\n(Add-MgApplicationPassword -ApplicationId $app.Id).SecretText`);
  await deployment.setSmtp({ clientSecret: String(objects.at(-1)) });
  await deployment.testConnection();
  await deployment.saveSmtp();
  await deployment.clock.advance('1h');
  expect((await deployment.mails()).map(({ sentBy, to }) => [sentBy, to])).toEqual([['psn-3', ['ana@guest.example']]]);
});

it('a node that was down catches up with the settings when it is back', async () => {
  await using deployment = await bootDeployment(medium);
  await deployment.kill('psn-2');
  await deployment.setSmtp({ connectionTimeout: '45s' });
  await deployment.testConnection();
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
