import { describe, expect, it } from 'vitest';
import { answerSetPage } from './set-page.ts';
import { TestNode } from './test-node.ts';

const from = 'no-reply@contoso.onmicrosoft.com';
const passwords = { administrators: { lifetimeDays: 45, reminderDays: 30 }, internalUsers: { lifetimeDays: 60, reminderDays: 10 }, reminders: 'once' } as const;

function makePan(): TestNode {
  const pan = new TestNode(0);
  const personas = { personas: [], roles: {} };
  pan.pages.deployment = { domain: 'ise.example', iseVersion: '3.5P1', nodes: ['ise-1', 'psn-1'].map((name) => ({ name, fqdn: `${name}.ise.example`, address: '127.0.0.2', ...personas })) };
  answerSetPage(pan.node);
  return pan;
}

describe('a page', () => {
  it.each([
    { page: 'guest-email', change: { enabled: false }, value: { enabled: false, from, useSponsorAddress: false } },
    { page: 'guest-email', change: { from: 'guests@contoso.example', useSponsorAddress: true }, value: { enabled: true, from: 'guests@contoso.example', useSponsorAddress: true } },
    { page: 'alarm-notification', change: { additionalRecipients: ['noc@contoso.example'] }, value: { from, additionalRecipients: ['noc@contoso.example'], clientSecretDays: [90, 60, 30], clientSecretDaily: true } },
    { page: 'alarm-notification', change: { clientSecretDays: [14], clientSecretDaily: false }, value: { from, additionalRecipients: [], clientSecretDays: [14], clientSecretDaily: false } },
    { page: 'password-policy', change: { reminders: 'daily' }, value: { ...passwords, reminders: 'daily' } },
    { page: 'password-policy', change: { from: 'passwords@contoso.example' }, value: { ...passwords, from: 'passwords@contoso.example' } },
  ] as const)('$page takes $change, is one revision, and keeps what is left out', async ({ page, change, value }) => {
    const pan = makePan();

    expect(await pan.ask('set-page', { page, change })).toEqual({ value, revision: 1 });
    expect(pan.pages[page]).toEqual(value);
    expect(pan.events).toEqual([`wrote ${page}`]);
  });

  it.each([
    { page: 'guest-email', change: { from: 'guests' }, message: 'Default \'From\' Address "guests" is not a mail address' },
    { page: 'alarm-notification', change: { from: 'a@b@c', additionalRecipients: ['noc@contoso.example', 'duty'] }, message: 'From address "a@b@c" is not a mail address; additional recipient "duty" is not a mail address' },
    { page: 'password-policy', change: { from: 'nobody' }, message: 'From of reminders "nobody" is not a mail address' },
  ])('$page is not changed by $message', async ({ page, change, message }) => {
    const pan = makePan();

    await expect(pan.ask('set-page', { page, change })).rejects.toMatchObject({ kind: 'wrong input', message });
    expect(pan.events).toEqual([]);
  });

  it('takes an empty sender of reminders for none of their own', async () => {
    const pan = makePan();
    await pan.ask('set-page', { page: 'password-policy', change: { from: 'passwords@contoso.example' } });
    expect(await pan.ask('set-page', { page: 'password-policy', change: { from: '' } })).toEqual({ value: passwords, revision: 2 });
  });

  it('is changed on the primary PAN alone', async () => {
    const pan = makePan();
    pan.primaryPan = 'ise-2';

    await expect(pan.ask('set-page', { page: 'guest-email', change: { enabled: false } })).rejects.toMatchObject({ code: 'not-primary' });
    expect(pan.events).toEqual([]);
  });
});

describe('a log level', () => {
  const set = (pan: TestNode, node: string, level: string, component = 'guestaccess') => pan.ask('set-page', { page: 'log-levels', change: { node, component, level } });

  it('is that of one component of one node, the last one that was set, and not kept when it is the default', async () => {
    const pan = makePan();
    await set(pan, 'psn-1', 'DEBUG');
    await set(pan, 'psn-1', 'ERROR', 'guest-access-admin');
    await set(pan, 'ise-1', 'WARN');
    await set(pan, 'psn-1', 'ERROR');
    await set(pan, 'ise-1', 'INFO');

    expect(pan.pages['log-levels'].levels).toEqual([
      { node: 'psn-1', component: 'guest-access-admin', level: 'ERROR' },
      { node: 'psn-1', component: 'guestaccess', level: 'ERROR' },
    ]);
  });

  it('is refused for a node that there is not', async () => {
    await expect(set(makePan(), 'psn-9', 'DEBUG')).rejects.toMatchObject({ message: 'there is no node "psn-9"', remedy: 'Use one of ise-1, psn-1.' });
  });
});
