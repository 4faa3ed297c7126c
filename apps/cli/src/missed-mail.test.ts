import { expect, test } from 'vitest';
import { missedMail, type MissedMail } from './missed-mail.ts';

const miss: MissedMail = { wanted: { to: 'ana@guest.example' }, count: undefined, timeout: '1s', mails: [], missed: undefined, unaccepted: [], away: [], sender: undefined };
const refused = 'psn-2 tried guest-credentials to ana@guest.example: refused at mail';

test('a miss begins with what is known of the mail that was wanted', () => {
  expect(missedMail({ ...miss, unaccepted: [refused], away: ['psn-1 is Disconnected (killed): isesim node start psn-1'] })).toMatchObject({
    code: 'no-mail',
    message: 'no mail with to ana@guest.example was accepted within 1s',
    remedy: `${refused}\npsn-1 is Disconnected (killed): isesim node start psn-1\nNo mail was accepted at all so far.`,
    details: { unaccepted: [refused], away: ['psn-1 is Disconnected (killed): isesim node start psn-1'] },
  });
});

test('a miss of which nothing is known leads to the outbox with all that was given up', () => {
  expect(missedMail(miss).remedy).toBe('No mail was accepted at all so far. See what waits to be sent, and what was given up: isesim mail outbox --all');
});

test.each<[string, Partial<MissedMail>, string]>([
  ['nobody knows whose it is', {}, 'What falls due next, at 2026-02-04T05:00:00Z, may be the work of another: isesim clock advance 2026-02-04T05:00:00Z'],
  ['it may be that of a mail that is owed', { unaccepted: [refused] }, 'What falls due next, at 2026-02-04T05:00:00Z, may be its next attempt, or the work of another: isesim clock advance 2026-02-04T05:00:00Z'],
])('where time stands still, what falls due next is told, and that %s', (_, more, line) => {
  expect(missedMail({ ...miss, ...more, stands: { nextDue: '2026-02-04T05:00:00Z' } }).remedy.split('\n')).toContain(line);
});

test('a text that is missing is told as missing', () => {
  const nearest = { id: 'near', purpose: 'alarm', sentBy: 'ise-1', to: ['admin@contoso.example'] } as unknown as NonNullable<MissedMail['missed']>['nearest'];
  const lines = missedMail({ ...miss, missed: { nearest, differs: [{ field: 'contains', wanted: 'Lossy', found: 'not in it' }] } }).remedy.split('\n');
  expect(lines).toContain('- its text does not contain "Lossy"');
});
