import { expect, test } from 'vitest';
import { statusText } from '../output/status-text.ts';
import type { Call, Supervised } from './operation.ts';
import { operations } from './operations.ts';
import { testSupervised } from './test-supervised.ts';

const from = 'no-reply@contoso.onmicrosoft.com';
const call: Call = { signal: new AbortController().signal, emit: () => undefined };

function holding(pages: object): Supervised {
  const { supervised } = testSupervised();
  return { ...supervised, deployment: Object.assign(supervised.deployment, { ask: () => Promise.resolve({ revision: 12, pages }) }) };
}

test('guest email settings are shown as the primary PAN holds them', async () => {
  const page = { enabled: true, from, useSponsorAddress: true };
  const { answer, says } = await operations['guest-email-show'].run(holding({ 'guest-email': page }), {}, call);

  expect(answer).toEqual({ ...page, revision: 12 });
  expect(says.split('\n')).toEqual(['mail to guests        on', `default From address  ${from}`, "sent from             the sponsor's address, if sponsored"]);
});

test('alarm settings are shown with all who get every alarm', async () => {
  const page = { from, additionalRecipients: ['noc@contoso.example', 'duty@contoso.example'], clientSecretDays: [90, 30], clientSecretDaily: true };
  const { answer, says } = await operations['alarm-settings-show'].run(holding({ 'alarm-notification': page }), {}, call);

  expect(answer).toEqual({ ...page, revision: 12 });
  expect(says.split('\n')).toEqual([
    `From address           ${from}`,
    'additional recipients  noc@contoso.example, duty@contoso.example',
    'client secret          90, 30 days before it expires, then daily',
  ]);
});

test.each([
  [undefined, '(the default From address of guest mail)'],
  ['passwords@contoso.example', 'passwords@contoso.example'],
])('the password policy is shown with its sender %s', async (sender, shown) => {
  const page = { administrators: { lifetimeDays: 45, reminderDays: 30 }, internalUsers: { lifetimeDays: 60, reminderDays: 10 }, reminders: 'once', ...(sender && { from: sender }) };
  const { answer, says } = await operations['password-policy-show'].run(holding({ 'password-policy': page }), {}, call);

  expect(answer).toEqual({ ...page, revision: 12 });
  expect(says.split('\n')).toEqual([
    `From of reminders  ${shown}`,
    'reminders          once for a password',
    'administrators     expire after 45 days, reminder 30 days before',
    'internal users     expire after 60 days, reminder 10 days before',
  ]);
});

test('log levels are shown for every node, also while nobody has set one', async () => {
  const levels = [{ node: 'psn-1', component: 'guestaccess', level: 'DEBUG' }];
  const { answer, says } = await operations['log-level-show'].run(holding({ 'log-levels': { levels } }), {}, call);
  const untouched = await operations['log-level-show'].run(holding({}), {}, call);

  expect(answer).toEqual({ levels, revision: 12 });
  expect(says.split('\n').slice(0, 2)).toEqual(['ise-1  guestaccess INFO, guest-access-admin INFO', 'psn-1  guestaccess DEBUG, guest-access-admin INFO']);
  expect(untouched.answer).toEqual({ levels: [], revision: 12 });
});

test.each([
  ['configured', 'configured'],
  ['not configured', 'not configured: no mail leaves until it is entered again (isesim smtp set, test, save)'],
] as const)('the status says that the SMTP server is %s', async (smtpServer, text) => {
  const { supervised } = testSupervised();
  const status = await operations.status.run({ ...supervised, deployment: Object.assign(supervised.deployment, { smtpServer: () => smtpServer }) }, {}, call);

  expect(status.smtpServer).toBe(smtpServer);
  expect(statusText(status)).toMatch(new RegExp(`SMTP server +${text.replaceAll(/[()]/g, '\\$&')}\n`));
});
