import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { describe, expect, it } from 'vitest';

const medium = join(import.meta.dirname, '../../topology/medium.yaml');
const secret = 'demo-secret';
const smtpServer = {
  host: 'smtp.office365.com',
  port: 587,
  tls: true,
  authentication: 'exchange-online-oauth' as const,
  emailAddress: 'no-reply@contoso.onmicrosoft.com',
  clientId: '7d8f0c1e-1111-4222-8333-444455556666',
  tenantId: '2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff',
  clientSecret: secret,
};

describe.each(['inline', 'process'] as const)('with nodes %s', (isolation) => {
  it('a restore empties the SMTP Server page on every node, and mail leaves again when it is entered, tested and saved', async () => {
    await using deployment = await bootDeployment(medium, { isolation });
    await deployment.backup('ise.json');
    await deployment.restore('ise.json');
    await deployment.quiet();
    expect(deployment.stage.deployment.smtpServer()).toBe('not configured');
    for (const { name } of deployment.nodes) expect(Object.keys((await deployment.stage.deployment.ask(name, 'show-settings', {})).pages)).not.toContain('smtp-server');
    expect(deployment.status().map(({ status }) => status)).toEqual(deployment.nodes.map(() => 'Connected'));

    await deployment.createGuest({ node: 'psn-3', email: 'ana@guest.example' });
    expect(await deployment.mails()).toEqual([]);
    expect((await deployment.outbox()).filter(({ end }) => end === undefined)).toHaveLength(1);

    await deployment.setSmtp(smtpServer);
    await deployment.testConnection();
    await deployment.saveSmtp();
    expect((await deployment.mails()).map(({ sentBy, to }) => [sentBy, to])).toEqual([['psn-3', ['ana@guest.example']]]);
    expect(deployment.stage.deployment.smtpServer()).toBe('configured');
  });
});

it('a mail that is being retried waits when its settings are gone, and a node that starts meanwhile waits too', async () => {
  await using deployment = await bootDeployment(medium);
  await deployment.backup('ise.json');
  await deployment.fault({ node: 'psn-1', to: 'smtp.office365.com', fault: 'reset' });
  await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
  await deployment.quiet();
  await deployment.restore('ise.json');
  await deployment.heal();
  await deployment.clock.advance('1h');
  await deployment.restart('psn-1');
  await deployment.clock.advance('1h');
  expect(await deployment.mails()).toEqual([]);

  await deployment.setSmtp(smtpServer);
  await deployment.testConnection();
  await deployment.saveSmtp();
  expect((await deployment.mails()).map(({ to }) => to)).toEqual([['ana@guest.example']]);
});

it('a probe without settings says that there are none', async () => {
  await using deployment = await bootDeployment(medium);
  await deployment.backup('ise.json');
  await deployment.restore('ise.json');
  await deployment.quiet();
  await expect(deployment.testConnection({ node: 'psn-1' })).rejects.toMatchObject({ code: 'smtp-not-configured' });
});

it('a backup holds neither the SMTP server settings nor a secret nor a password, and its owner alone reads it', async () => {
  await using deployment = await bootDeployment(medium);
  const { guest } = await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
  const [mail] = await deployment.mails();
  const password = /^Password: (\S+)/m.exec(deployment.source(mail?.id ?? ''))?.[1] ?? '';
  expect(password).toHaveLength(10);
  await deployment.backup('ise.json');
  const path = join(deployment.folder, 'ise.json');
  const text = readFileSync(path, 'utf8');

  expect(text).toContain(guest.username);
  expect(statSync(path).mode & 0o077).toBe(0);
  for (const value of [secret, password]) {
    const forms = [value, Buffer.from(value).toString('base64').slice(0, -4), Buffer.from(`x${value}`).toString('base64').slice(4, -4), Buffer.from(`xx${value}`).toString('base64').slice(4, -4)];
    expect(forms.filter((form) => text.includes(form))).toEqual([]);
  }
  expect(text).not.toContain(smtpServer.clientId);
  expect(text).not.toContain(smtpServer.host);
});

it('a guest who is in the backup is told of the expiry, also in a deployment that was booted anew', async () => {
  let taken = '';
  {
    await using deployment = await bootDeployment(medium);
    await deployment.createGuest({ node: 'psn-1', type: 'Contractor', email: 'ana@guest.example', validFor: '5d' });
    await deployment.backup('ise.json');
    taken = readFileSync(join(deployment.folder, 'ise.json'), 'utf8');
  }
  await using deployment = await bootDeployment(medium, { seed: 2 });
  writeFileSync(join(deployment.folder, 'ise.json'), taken);
  expect(await deployment.restore('ise.json')).toMatchObject({ newPasswords: [expect.stringMatching(/^ana/)] });
  await deployment.setSmtp(smtpServer);
  await deployment.testConnection();
  await deployment.saveSmtp();
  await deployment.clock.advance('3d');
  expect((await deployment.mails()).map(({ purpose, to, sentBy }) => [purpose, to, sentBy])).toEqual([['guest-expiry', ['ana@guest.example'], 'ise-1']]);
});
