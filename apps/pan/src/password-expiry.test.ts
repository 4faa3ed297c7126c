import { dayMs, parseInstant, type Administrator } from '@isesim/domain';
import { describe, expect, it, test } from 'vitest';
import { latestDue, nextDue, watchPasswordExpiry, type PasswordHolder } from './password-expiry.ts';
import { TestNode } from './test-node.ts';

const at = (text: string) => parseInstant(text) ?? Number.NaN;
const maybeAt = (text: string | undefined) => (text === undefined ? undefined : at(text));

/** Expires in the middle of 20 March; the first reminder is due ten days before, at the midnight before that. */
const holder: PasswordHolder = { kind: 'admin', name: 'admin', email: 'admin@contoso.example', expires: at('2026-03-20T14:00:00Z'), reminderDays: 10 };
const atMidnight: PasswordHolder = { ...holder, expires: at('2026-03-20') };

test.each<{ when: string; once: [latest?: string | undefined, next?: string]; daily: [latest?: string | undefined, next?: string] }>([
  { when: '2026-01-01', once: [undefined, '2026-03-10'], daily: [undefined, '2026-03-10'] },
  { when: '2026-03-09T23:59:59.999Z', once: [undefined, '2026-03-10'], daily: [undefined, '2026-03-10'] },
  { when: '2026-03-10', once: ['2026-03-10'], daily: ['2026-03-10', '2026-03-11'] },
  { when: '2026-03-10T00:00:00.001Z', once: ['2026-03-10'], daily: ['2026-03-10', '2026-03-11'] },
  { when: '2026-03-15T08:00:00Z', once: ['2026-03-10'], daily: ['2026-03-15', '2026-03-16'] },
  { when: '2026-03-19T12:00:00Z', once: ['2026-03-10'], daily: ['2026-03-19', '2026-03-20'] },
  { when: '2026-03-20T13:59:59.999Z', once: ['2026-03-10'], daily: ['2026-03-20'] },
  { when: '2026-03-20T14:00:00Z', once: [], daily: [] },
  { when: '2026-04-01', once: [], daily: [] },
])('at $when: reminders once $once, daily $daily (overdue, next)', ({ when, once, daily }) => {
  const both = (rhythm: 'once' | 'daily') => [latestDue(holder, rhythm, at(when)), nextDue(holder, rhythm, at(when))];

  expect(both('once')).toEqual([maybeAt(once[0]), maybeAt(once[1])]);
  expect(both('daily')).toEqual([maybeAt(daily[0]), maybeAt(daily[1])]);
});

test('a password that expires at midnight gets its last daily reminder a day before', () => {
  expect(latestDue(atMidnight, 'daily', at('2026-03-10'))).toBe(at('2026-03-10'));
  expect(nextDue(atMidnight, 'daily', at('2026-03-19'))).toBeUndefined();
  expect(latestDue(atMidnight, 'daily', at('2026-03-19T23:59:59.999Z'))).toBe(at('2026-03-19'));
  expect(latestDue(atMidnight, 'daily', at('2026-03-20'))).toBeUndefined();
});

test('a reminder of no days is due at the midnight before', () => {
  const sameDay = { ...holder, reminderDays: 0 };

  expect(nextDue(sameDay, 'once', at('2026-03-19T12:00:00Z'))).toBe(at('2026-03-20'));
  expect(latestDue({ ...atMidnight, reminderDays: 0 }, 'once', at('2026-03-20'))).toBeUndefined();
});

const start = at('2026-02-02T05:00:00Z');

function admin(name: string, passwordChanged: string): Administrator {
  return { name, email: `${name}@contoso.example`, systemAlarmsInEmail: false, passwordChanged: at(passwordChanged) };
}

/** A primary PAN with these administrators, whose passwords live 45 days and who are reminded 30 days before. */
function makeNode(administrators: Administrator[], { reminders = 'once' }: { reminders?: 'once' | 'daily' } = {}) {
  const test = new TestNode(start);
  test.pages.administrators = { administrators };
  test.pages['password-policy'] = { ...test.pages['password-policy'], reminders };
  const told = () => test.notified.map(({ to, at: when }) => `${to.join()} ${new Date(when).toISOString()}`);
  return { test, told };
}

describe('the primary PAN', () => {
  it('reminds at midnight UTC of the first day, administrators and internal users alike', async () => {
    const { test, told } = makeNode([admin('root', '2026-02-01T12:00:00Z')]);
    test.users.push(
      { name: 'jdoe', email: 'jdoe@contoso.example', passwordChanged: at('2026-02-01T12:00:00Z'), passwordNeverExpires: false },
      { name: 'robot', email: 'robot@contoso.example', passwordChanged: at('2026-01-01'), passwordNeverExpires: true },
    );
    await watchPasswordExpiry(test.node).begin();
    await test.advance(start + 100 * dayMs);

    expect(told()).toEqual(['root@contoso.example 2026-02-16T00:00:00.000Z', 'jdoe@contoso.example 2026-03-23T00:00:00.000Z']);
    expect(test.notified.map(({ purpose, template, id }) => ({ purpose, template, id }))).toEqual([
      { purpose: 'password-expiry', template: 'admin-password-reminder', id: 'password-expiry-admin-root-2026-02-16' },
      { purpose: 'password-expiry', template: 'user-password-reminder', id: 'password-expiry-user-jdoe-2026-03-23' },
    ]);
    expect(test.due).toEqual([]);
  });

  it('sends what is overdue when it takes the duty up, once', async () => {
    const { test, told } = makeNode([admin('overdue', '2026-01-10'), admin('expired', '2025-12-01'), admin('later', '2026-02-02')]);
    const stop = await watchPasswordExpiry(test.node).begin();
    expect(told()).toEqual(['overdue@contoso.example 2026-02-02T05:00:00.000Z']);

    stop();
    await watchPasswordExpiry(test.node).begin();
    const ids = test.notified.map(({ id }) => id);
    expect(ids).toEqual(['password-expiry-admin-overdue-2026-01-25', 'password-expiry-admin-overdue-2026-01-25']);
  });

  it('reminds every day until the password expires, when it is told to', async () => {
    const { test, told } = makeNode([admin('root', '2025-12-22')], { reminders: 'daily' });
    await watchPasswordExpiry(test.node).begin();
    await test.advance(start + 100 * dayMs);

    expect(told()).toEqual([
      'root@contoso.example 2026-02-02T05:00:00.000Z',
      'root@contoso.example 2026-02-03T00:00:00.000Z',
      'root@contoso.example 2026-02-04T00:00:00.000Z',
    ]);
    expect(new Set(test.notified.map(({ id }) => id)).size).toBe(3);
  });

  const setPolicy = (test: TestNode, change: Partial<TestNode['pages']['password-policy']>) => test.settings.write({ 'password-policy': { ...test.pages['password-policy'], ...change } });

  it('follows a policy that changes: daily from then on, and no more once it is once again', async () => {
    const { test, told } = makeNode([admin('root', '2026-02-01')]);
    await watchPasswordExpiry(test.node).begin();
    await test.advance(at('2026-02-18T12:00:00Z'));
    await setPolicy(test, { reminders: 'daily' });
    await test.advance(at('2026-02-20T12:00:00Z'));
    await setPolicy(test, { reminders: 'once' });
    await test.advance(start + 100 * dayMs);

    expect(new Set(told())).toEqual(new Set(['2026-02-16T00', '2026-02-18T12', '2026-02-19T00', '2026-02-20T00', '2026-02-20T12'].map((hour) => `root@contoso.example ${hour}:00:00.000Z`)));
    // The last one is the first again, which is written once.
    expect(new Set(test.notified.map(({ id }) => id)).size).toBe(4);
    expect(test.due).toEqual([]);
  });

  it('looks anew neither for another sender, nor when it has lost the duty', async () => {
    const { test } = makeNode([admin('root', '2026-02-01')]);
    const stop = await watchPasswordExpiry(test.node).begin();
    const [planned] = test.due;
    await setPolicy(test, { from: 'passwords@contoso.example' });
    expect(test.due).toEqual([planned]);
    stop();
    await setPolicy(test, { reminders: 'daily' });
    expect(test.due).toEqual([]);
  });

  it('finds a change that came while it reminded', async () => {
    const { test, told } = makeNode([admin('first', '2026-01-10'), admin('second', '2026-02-01')]);
    let durable: () => void = () => undefined;
    test.telling = new Promise((resolve) => { durable = resolve; });
    const reminding = watchPasswordExpiry(test.node).begin();
    while (test.notified.length === 0) await Promise.resolve();
    await setPolicy(test, { administrators: { lifetimeDays: 45, reminderDays: 44 } });
    expect(test.due).toEqual([]);
    durable();
    await reminding;
    await test.advance(start);

    expect(told().map((each) => each.split('@')[0])).toEqual(['first', 'first', 'second']);
  });

  it('gives every reminder an id that a subject can carry, whatever the account is called', async () => {
    const { test } = makeNode([admin('Ana María > * .', '2026-01-10')]);
    await watchPasswordExpiry(test.node).begin();

    expect(test.notified[0]?.id).toMatch(/^[A-Za-z0-9_-]{1,180}$/);
  });

  it('leaves nothing to come when it loses the duty', async () => {
    const { test } = makeNode([admin('root', '2026-02-01')]);
    const stop = await watchPasswordExpiry(test.node).begin();
    expect(test.due).toHaveLength(1);

    stop();
    expect(test.due).toEqual([]);
  });

  it('that loses the duty while it reminds leaves the rest to the new one', async () => {
    const { test, told } = makeNode([admin('first', '2026-01-10'), admin('second', '2026-01-10'), admin('later', '2026-02-01')]);
    let durable: () => void = () => undefined;
    test.telling = new Promise((resolve) => { durable = resolve; });
    const reminding = watchPasswordExpiry(test.node).begin();
    while (test.notified.length === 0) await Promise.resolve();
    test.primaryPan = 'ise-2';
    durable();
    await reminding;

    expect(told()).toEqual(['first@contoso.example 2026-02-02T05:00:00.000Z']);
    expect(test.due).toEqual([]);
  });

  it('that loses the duty in the middle of a later round leaves nothing to come', async () => {
    const { test } = makeNode([admin('root', '2026-02-01'), admin('later', '2026-02-02T12:00:00Z')], { reminders: 'daily' });
    const stop = await watchPasswordExpiry(test.node).begin();
    let durable: () => void = () => undefined;
    test.telling = new Promise((resolve) => { durable = resolve; });
    const round = test.advance(at('2026-02-16'));
    while (test.notified.length === 0) await Promise.resolve();
    stop();
    durable();
    await round;

    expect(test.due).toEqual([]);
  });
});
