import { dayMs, parseInstant, type Guest, type GuestType } from '@isesim/domain';
import { describe, expect, it, test } from 'vitest';
import { noticeDue, watchGuestExpiry } from './guest-expiry.ts';
import { TestNode } from './test-node.ts';

const at = (text: string) => parseInstant(text) ?? Number.NaN;
const start = at('2026-02-02T05:00:00Z');

function guestOf(changes: Partial<Guest> = {}): Guest {
  return {
    id: 'g1',
    username: 'ana',
    password: 'x',
    firstName: '',
    lastName: '',
    email: 'ana@guest.example',
    type: 'Contractor',
    portal: 'sponsor',
    state: 'Created',
    createdAt: start,
    validFrom: start,
    validTo: start + 10 * dayMs,
    ...changes,
  };
}

const types: GuestType[] = [
  { name: 'Contractor', maxDays: 90, expiryNotice: { enabled: true, beforeMs: 3 * dayMs } },
  { name: 'Quiet', maxDays: 90, expiryNotice: { enabled: false, beforeMs: 3 * dayMs } },
];

test.each<{ what: string; guest: Partial<Guest>; due: string | undefined }>([
  { what: 'the end of validity less the notice', guest: { validTo: at('2026-02-20T17:30:15Z') }, due: '2026-02-17T17:30:15Z' },
  { what: 'exactly midnight, when the validity ends there', guest: { validTo: at('2026-02-20') }, due: '2026-02-17' },
  { what: 'the beginning, when the validity is shorter than the notice', guest: { validTo: start + dayMs }, due: '2026-02-02T05:00:00Z' },
  { what: 'the beginning, when the validity is as long as the notice', guest: { validTo: start + 3 * dayMs }, due: '2026-02-02T05:00:00Z' },
  { what: 'never, when the guest type sends none', guest: { type: 'Quiet' }, due: undefined },
  { what: 'never, when the guest type is gone', guest: { type: 'Removed' }, due: undefined },
])('a notice is due at $what', ({ guest, due }) => {
  expect(noticeDue(guestOf(guest), types)).toBe(due === undefined ? undefined : at(due));
});

describe('the primary PAN', () => {
  it('tells a guest at the exact moment, once, with what is left of the validity', async () => {
    const test = new TestNode(start);
    const expiry = watchGuestExpiry(test.node);
    await expiry.begin();
    expiry.watch(guestOf());
    await test.advance(start + 7 * dayMs - 1);
    expect(test.notified).toEqual([]);

    await test.advance(start + 7 * dayMs);
    expect(test.notified).toMatchObject([
      {
        purpose: 'guest-expiry',
        template: 'guest-expiry-notice',
        to: ['ana@guest.example'],
        at: start + 7 * dayMs,
        data: { username: 'ana', timeLeft: '3 days' },
      },
    ]);

    await test.advance(start + 30 * dayMs);
    expect(test.notified).toHaveLength(1);
  });

  it('tells what is overdue as soon as it takes the duty up, but not who has expired', async () => {
    const test = new TestNode(start + 8 * dayMs);
    for (const guest of [
      guestOf({ id: 'overdue', username: 'overdue' }),
      guestOf({ id: 'expired', username: 'expired', validTo: start + 8 * dayMs }),
      guestOf({ id: 'later', username: 'later', validTo: start + 20 * dayMs }),
      guestOf({ id: 'quiet', username: 'quiet', type: 'Daily' }),
    ]) test.guests.set(guest.id, guest);
    await watchGuestExpiry(test.node).begin();
    await test.advance(start + 8 * dayMs);
    expect(test.notified.map(({ data, at: when }) => ({ guest: data['username'], left: data['timeLeft'], when }))).toEqual([
      { guest: 'overdue', left: '2 days', when: start + 8 * dayMs },
    ]);

    await test.advance(start + 40 * dayMs);
    expect(test.notified.map(({ data }) => data['username'])).toEqual(['overdue', 'later']);
  });

  it('tells the same fact under the same id, and an extended account under another', async () => {
    const test = new TestNode(start);
    const expiry = watchGuestExpiry(test.node);
    for (const guest of [guestOf(), guestOf(), guestOf({ validTo: start + 20 * dayMs })]) {
      const stop = await expiry.begin();
      expiry.watch(guest);
      await test.advance(guest.validTo - 3 * dayMs);
      stop();
    }

    const ids = test.notified.map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('tells an account that was written anew only at its new moment', async () => {
    const test = new TestNode(start);
    const expiry = watchGuestExpiry(test.node);
    await expiry.begin();
    expiry.watch(guestOf());
    expiry.watch(guestOf({ validTo: start + 20 * dayMs }));

    expect(test.due.map(({ due }) => due)).toEqual([start + 17 * dayMs]);
  });

  it('tells nobody while guest e-mail is disabled', async () => {
    const test = new TestNode(start);
    test.pages['guest-email'] = { ...test.pages['guest-email'], enabled: false };
    const expiry = watchGuestExpiry(test.node);
    await expiry.begin();
    expiry.watch(guestOf());
    await test.advance(start + 30 * dayMs);

    expect(test.notified).toEqual([]);
  });

  it('leaves nothing to come when it loses the duty, and watches nobody until it has it again', async () => {
    const test = new TestNode(start);
    const expiry = watchGuestExpiry(test.node);
    const stop = await expiry.begin();
    expiry.watch(guestOf());
    stop();
    expiry.watch(guestOf({ id: 'g2' }));
    expect(test.due).toEqual([]);

    test.guests.set('g1', guestOf());
    await expiry.begin();
    expect(test.due).toHaveLength(1);
  });
});
