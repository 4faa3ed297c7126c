import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { describe, expect, it } from 'vitest';

const medium = join(import.meta.dirname, '../../topology/medium.yaml');
/** The notice of each guest falls due two days after the start; a submission takes 10 s. */
const slow = `
name: slow
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: secondary }
  - { name: ise-2, pan: secondary, mnt: primary }
  - { name: psn-1, psn: true }
guestTypes: [{ name: Contractor, maxDays: 90, expiryNotice: { enabled: true, before: 3d } }]
guests: [{ count: 3, type: Contractor, validFor: 5d }]
microsoft365: { latency: { submit: 10s } }
`;
const oneNotice = slow.replace('count: 3', 'count: 1');

describe.each(['inline', 'process'] as const)('a promotion (%s)', (isolation) => {
  it('moves the duty, and every node goes by it: settings, accounts and mail', async () => {
    await using deployment = await bootDeployment(medium, { isolation });
    await deployment.promote('ise-2');
    await deployment.setAlarmSettings({ additionalRecipients: ['noc@contoso.example'] });
    const { guest } = await deployment.createGuest({ node: 'psn-1', type: 'Contractor', email: 'ana@guest.example', validFor: '5d' });
    await deployment.advance('3d');

    expect(guest.email).toBe('ana@guest.example');
    await expect(deployment).toHaveSent({ purpose: 'guest-expiry', to: 'ana@guest.example', sentBy: 'ise-2', count: 1 });
    expect(deployment.status().slice(0, 2).map(({ name, roles, duties, status }) => ({ name, pan: roles.pan, duties, status }))).toEqual([
      { name: 'ise-1', pan: 'secondary', duties: [], status: 'Connected' },
      { name: 'ise-2', pan: 'primary', duties: ['primary PAN', 'active MnT'], status: 'Connected' },
    ]);
    await expect(deployment).toMatchNodeTable();
  });

  it('sends what the former primary owes, and what is done stays done', async () => {
    await using deployment = await bootDeployment(slow, { isolation });
    await deployment.clock.advance('2026-02-04T05:00:03Z');
    await deployment.kill('ise-1');
    await deployment.promote('ise-2');
    await deployment.clock.advance('5m');
    await deployment.start('ise-1');
    await deployment.clock.advance('1h');

    await expect(deployment).toHaveSentOnly([1, 2, 3].map((number) => ({ to: `guest1-${number}@guest.example`, sentBy: 'ise-2' })));
    expect((await deployment.outbox()).filter(({ end }) => end === undefined)).toEqual([]);
    await expect(deployment).toMatchNodeTable();
  });

  it('while a mail is being submitted sends it again, under its Message-ID: nobody can know whether Exchange has it', async () => {
    await using deployment = await bootDeployment(oneNotice, { isolation });
    await deployment.clock.advance('2026-02-04T05:00:03Z');
    await deployment.promote('ise-2');
    await deployment.clock.advance('5m');

    const mails = await deployment.mails({ purpose: 'guest-expiry' });
    expect(mails.map(({ sentBy }) => sentBy)).toEqual(['ise-1', 'ise-2']);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
    expect((await deployment.outbox()).filter(({ end }) => end === undefined)).toEqual([]);
    await expect(deployment).toMatchNodeTable();
  });
});

it('a primary PAN that is isolated while another is promoted sends nothing, and is the secondary one when it is back', async () => {
  await using deployment = await bootDeployment(slow);
  await deployment.isolate('ise-1');
  await deployment.promote('ise-2');
  await deployment.clock.advance('3d');
  await expect(deployment).toHaveSentOnly([1, 2, 3].map((number) => ({ to: `guest1-${number}@guest.example`, sentBy: 'ise-2' })));

  await deployment.heal();
  await deployment.clock.advance('1d');
  await expect(deployment).toHaveSentOnly([1, 2, 3].map((number) => ({ to: `guest1-${number}@guest.example`, sentBy: 'ise-2' })));
  await expect(deployment.setGuestEmail({ enabled: false })).resolves.toBeDefined();
  expect(deployment.status().find(({ name }) => name === 'ise-1')).toMatchObject({ status: 'Connected', roles: { pan: 'secondary' } });
});

it('a promotion there and back while a retry waits sends the mail once', async () => {
  await using deployment = await bootDeployment(oneNotice);
  await deployment.fault({ node: 'ise-1', to: 'smtp.office365.com', fault: 'reset' });
  await deployment.clock.advance('2026-02-04T05:00:01Z');
  await deployment.promote('ise-2');
  await deployment.clock.advance('12s');
  await deployment.heal();
  await deployment.promote('ise-1');
  await deployment.clock.advance('1d');

  await expect(deployment).toHaveSentOnly([{ purpose: 'guest-expiry', sentBy: 'ise-2' }]);
});

it('a former primary PAN that learns late of the promotion sends as before until then, and the audit says so', async () => {
  await using deployment = await bootDeployment(oneNotice);
  await deployment.fault({ node: 'ise-1', to: 'nats', fault: 'slow', delay: '10s' });
  await deployment.clock.advance('2026-02-04T05:00:25Z');
  await deployment.promote('ise-2');
  await deployment.clock.advance('1d');

  expect((await deployment.mails({ purpose: 'guest-expiry' })).map(({ sentBy }) => sentBy)).toEqual(['ise-2', 'ise-1']);
  expect((await deployment.audit()).findings.map(({ message }) => message)).toEqual(['guest-expiry mail was sent by ise-1; the primary PAN (ise-2) sends it']);
});

it('a PAN that is isolated cannot be promoted, and says why', async () => {
  await using deployment = await bootDeployment(slow);
  await deployment.isolate('ise-2');

  await expect(deployment.promote('ise-2')).rejects.toThrow('ise-2 is isolated from the other nodes');
  await deployment.heal();
  await deployment.clock.advance('3d');
  await expect(deployment).toHaveSent({ purpose: 'guest-expiry', sentBy: 'ise-1', count: 3 });
});

it('an alarm of the client secret is one alarm and one mail, whoever looks again', async () => {
  await using deployment = await bootDeployment(slow);
  await deployment.setAlarmSettings({ clientSecretDays: [179], clientSecretDaily: false });
  await deployment.clock.advance('2026-02-03T12:00:00Z');
  await deployment.promote('ise-2');
  await deployment.clock.advance('2026-02-04T12:00:00Z');
  await deployment.promote('ise-1');
  await deployment.clock.advance('1d');

  await deployment.expectAlarm({ name: 'SMTP OAuth Client Secret about to be expired', count: 1 });
  await expect(deployment).toHaveSent({ purpose: 'alarm', count: 1 });
});
