import { backupContentSchema, type BackupContent, type Guest } from '@isesim/domain';
import { describe, expect, it } from 'vitest';
import { answerBackup } from './backup.ts';
import { TestNode } from './test-node.ts';

const ana: Guest = { id: 'g1', username: 'ana', password: 'sesame', firstName: 'Ana', lastName: '', email: 'ana@guest.example', type: 'Contractor', portal: 'sponsor', state: 'Created', createdAt: 0, validFrom: 0, validTo: 1 };
const jdoe = { name: 'jdoe', email: 'jdoe@contoso.example', passwordChanged: 0, passwordNeverExpires: false };

function makePan() {
  const pan = new TestNode(0);
  let restored = 0;
  answerBackup(pan.node, () => {
    restored += 1;
    return Promise.resolve();
  });
  return { pan, backup: async () => (await pan.ask('backup', {})) as BackupContent, restore: (content: BackupContent) => pan.ask('restore', content), restored: () => restored };
}

describe('a backup', () => {
  it('has every page but that of the SMTP server and that of the deployment itself', async () => {
    const { pan, backup } = makePan();
    const { pages } = backupContentSchema.parse(await backup());

    expect(Object.keys(pages).sort()).toEqual(Object.keys(pan.pages).filter((name) => name !== 'smtp-server' && name !== 'deployment').sort());
  });

  it('has every account, guests without their passwords', async () => {
    const { pan, backup } = makePan();
    pan.guests.set('g1', ana);
    pan.users.push(jdoe);
    const { accounts } = await backup();

    expect(accounts).toMatchObject([{ guest: { username: 'ana', email: 'ana@guest.example' } }, { user: jdoe }]);
    expect(JSON.stringify(accounts)).not.toContain('sesame');
  });

  it('is taken on the primary PAN alone', async () => {
    const { pan, backup } = makePan();
    pan.primaryPan = 'ise-2';

    await expect(backup()).rejects.toMatchObject({ code: 'not-primary' });
  });
});

describe('a restore', () => {
  it('empties the SMTP Server page and writes the others, all at once, then the accounts, then lets everybody look anew', async () => {
    const { pan, backup, restore, restored } = makePan();
    pan.users.push(jdoe);
    const content = await backup();
    pan.pages['guest-email'] = { enabled: false, from: 'other@contoso.example', useSponsorAddress: true };
    await restore(content);

    expect(pan.events[0]).toMatch(/^wrote .*guest-email.*, smtp-server/);
    expect(pan.events.at(-1)).toBe('put account jdoe');
    expect(pan.pages).not.toHaveProperty('smtp-server');
    expect(pan.pages['guest-email']).toEqual(content.pages['guest-email']);
    expect(restored()).toBe(1);
  });

  it('leaves no log level that the backup did not have', async () => {
    const { pan, backup, restore } = makePan();
    delete (pan.pages as Partial<typeof pan.pages>)['log-levels'];
    const content = await backup();
    pan.pages['log-levels'] = { levels: [{ node: 'psn-1', component: 'guestaccess', level: 'DEBUG' }] };
    await restore(content);

    expect(pan.pages).not.toHaveProperty('log-levels');
  });

  it('leaves the password to a guest who is there, and gives a new one to a guest who is not', async () => {
    const { pan, backup, restore } = makePan();
    pan.guests.set('g1', ana);
    pan.guests.set('g2', { ...ana, id: 'g2', username: 'ben', password: 'forgotten' });
    const content = await backup();
    pan.guests.delete('g2');
    pan.guests.set('g1', { ...ana, email: 'changed@guest.example' });

    expect(await restore(content)).toMatchObject({ newPasswords: ['ben'] });
    expect(pan.guests.get('g1')).toEqual(ana);
    expect(pan.guests.get('g2')?.password).toMatch(/^(?!forgotten)\w{10}$/);
  });

  it('is done on the primary PAN alone, and nothing is changed elsewhere', async () => {
    const { pan, backup, restore } = makePan();
    const content = await backup();
    pan.primaryPan = 'ise-2';

    await expect(restore(content)).rejects.toMatchObject({ code: 'not-primary' });
    expect(pan.events).toEqual([]);
  });
});
