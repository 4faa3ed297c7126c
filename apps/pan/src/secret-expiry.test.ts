import { parseInstant, Secret, type SmtpServerSettings } from '@isesim/domain';
import { describe, expect, it, test } from 'vitest';
import { latestDue, nextDue, watchSecretExpiry, type DueAlarm, type SecretExpiry } from './secret-expiry.ts';
import { TestNode } from './test-node.ts';

const at = (text: string) => parseInstant(text) ?? Number.NaN;
const expired = 'SMTP OAuth Client Secret is expired';

const expiry: SecretExpiry = { expires: at('2026-08-01'), savedAt: at('2026-02-02T05:00:00Z'), daysSince: at('2026-02-02T05:00:00Z'), daysBefore: [90, 60, 30], daily: true };
const once: SecretExpiry = { ...expiry, daily: false };
const said = (alarm: DueAlarm | undefined) => alarm && `${alarm.name === expired ? 'expired' : 'soon'} ${new Date(alarm.due).toISOString()}`;

test.each<[now: string, latest: string | undefined, next: string | undefined, nextWhenOnce?: string]>([
  ['2026-02-02T05:00:00Z', undefined, 'soon 2026-05-03T00:00:00.000Z'],
  ['2026-05-02T23:59:59.999Z', undefined, 'soon 2026-05-03T00:00:00.000Z'],
  ['2026-05-03', 'soon 2026-05-03T00:00:00.000Z', 'soon 2026-06-02T00:00:00.000Z'],
  ['2026-06-30', 'soon 2026-06-02T00:00:00.000Z', 'soon 2026-07-02T00:00:00.000Z'],
  ['2026-07-02', 'soon 2026-07-02T00:00:00.000Z', 'soon 2026-07-03T00:00:00.000Z', 'expired 2026-08-01T00:00:00.000Z'],
  ['2026-07-31', 'soon 2026-07-31T00:00:00.000Z', 'expired 2026-08-01T00:00:00.000Z'],
  ['2026-08-01', 'expired 2026-08-01T00:00:00.000Z', undefined],
  ['2027-08-01', 'expired 2026-08-01T00:00:00.000Z', undefined],
])('at %s it has told %s, and tells %s next', (now, latest, next, nextWhenOnce = next) => {
  expect([said(latestDue(expiry, at(now))), said(nextDue(expiry, at(now))), said(nextDue(once, at(now)))]).toEqual([latest, next, nextWhenOnce]);
});

test('a date with a time is told as expired at the midnight after it, and each midnight before it as about to be', () => {
  const inTheMiddle = { ...expiry, expires: at('2026-08-01T14:00:00Z') };

  expect(said(nextDue(inTheMiddle, at('2026-07-31')))).toBe('soon 2026-08-01T00:00:00.000Z');
  expect(said(nextDue(inTheMiddle, at('2026-08-01')))).toBe('expired 2026-08-02T00:00:00.000Z');
});

test('what fell due before the days were settled is not told', () => {
  const late = { ...once, daysSince: at('2026-06-20T09:00:00Z') };

  expect(latestDue(late, at('2026-06-20T09:00:00Z'))).toBeUndefined();
  expect(said(nextDue(late, at('2026-06-20T09:00:00Z')))).toBe('soon 2026-07-02T00:00:00.000Z');
});

test('a date that has passed when it is saved is told at the next midnight', () => {
  const past = { ...expiry, savedAt: at('2026-09-10T09:00:00Z') };

  expect(latestDue(past, at('2026-09-10T09:00:00Z'))).toBeUndefined();
  expect(said(nextDue(past, at('2026-09-10T09:00:00Z')))).toBe('expired 2026-09-11T00:00:00.000Z');
});

test('without days before nothing is told but that it has expired', () => {
  const none = { ...expiry, daysBefore: [] };

  expect([said(latestDue(none, at('2026-07-31'))), said(nextDue(none, at('2026-02-02')))]).toEqual([undefined, 'expired 2026-08-01T00:00:00.000Z']);
});

const page = (expiryDate?: string): SmtpServerSettings => ({
  host: 'smtp.office365.com',
  port: 587,
  connectionTimeoutMs: 60_000,
  tls: true,
  authentication: {
    type: 'exchange-online-oauth', emailAddress: 'no-reply@contoso.onmicrosoft.com', clientId: 'c', tenantId: 't', clientSecret: new Secret('hunter2'),
    ...(expiryDate !== undefined && { expiryDate: at(expiryDate) }),
  },
});

function setDays(pan: TestNode, days: { clientSecretDays: number[]; clientSecretDaily?: boolean }): Promise<void> {
  return pan.settings.write({ 'alarm-notification': { ...pan.pages['alarm-notification'], ...days } });
}

/** The moment at which an alarm that falls due at `due` has been raised and is not durable yet. */
async function whileRaising(pan: TestNode, due: number) {
  let durable: () => void = () => undefined;
  pan.telling = new Promise((resolve) => { durable = resolve; });
  const raising = pan.advance(due);
  while (pan.raised.size === 0) await Promise.resolve();
  return { durable, raising };
}

/** A primary PAN on 2 February whose page has this Expiry Date. */
async function makePan(expiryDate?: string) {
  const pan = new TestNode(at('2026-02-02T05:00:00Z'));
  await pan.settings.write({ 'smtp-server': page(expiryDate) });
  const raised = () => [...pan.raised.values()].map(({ name, raisedAt }) => `${name === expired ? 'expired' : 'soon'} ${new Date(raisedAt).toISOString().slice(0, 10)}`);
  return { pan, raised, watch: watchSecretExpiry(pan.node) };
}

describe('the primary PAN', () => {
  it('raises the alarms of the client secret by the Expiry Date on the page', async () => {
    const { pan, raised, watch } = await makePan('2026-04-10');
    pan.pages['alarm-notification'] = { ...pan.pages['alarm-notification'], clientSecretDays: [60, 2] };
    await watch.begin();
    await pan.advance(at('2027-01-01'));

    expect(raised()).toEqual(['soon 2026-02-09', 'soon 2026-04-08', 'soon 2026-04-09', 'expired 2026-04-10']);
    expect([...pan.raised.values()].map(({ severity, details }) => `${severity}: ${details}`)).toEqual([
      'Warning: Expiry Date 2026-04-10, in 60 days',
      'Warning: Expiry Date 2026-04-10, in 2 days',
      'Warning: Expiry Date 2026-04-10, in 1 day',
      'Critical: Expiry Date 2026-04-10',
    ]);
    expect(pan.due).toEqual([]);
    for (const id of pan.raised.keys()) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  });

  it('raises nothing for a page without a date, without a secret, or that is empty', async () => {
    const { pan, raised, watch } = await makePan();
    await watch.begin();
    await pan.settings.write({ 'smtp-server': { ...page(), authentication: { type: 'none' } } });
    await pan.advance(at('2026-03-01'));
    await pan.settings.write({ 'smtp-server': null });
    await pan.advance(at('2030-01-01'));

    expect([raised(), pan.due]).toEqual([[], []]);
  });

  it('goes by a new date as soon as it is saved', async () => {
    const { pan, raised, watch } = await makePan('2026-03-10');
    await watch.begin();
    await pan.advance(at('2026-02-09T12:00:00Z'));
    await pan.settings.write({ 'smtp-server': page('2027-02-09') });
    await pan.advance(at('2026-12-01'));

    expect(raised()).toEqual(['soon 2026-02-08', 'soon 2026-02-09', 'soon 2026-11-11']);
  });

  it('goes by other days as soon as they are saved', async () => {
    const { pan, raised, watch } = await makePan('2026-08-01');
    await watch.begin();
    await setDays(pan, { clientSecretDays: [170], clientSecretDaily: false });
    await pan.advance(at('2026-07-31'));

    expect(raised()).toEqual(['soon 2026-02-12']);
  });

  it('does not raise what fell due before one of the two pages was saved', async () => {
    const { pan, raised, watch } = await makePan('2026-08-01');
    await watch.begin();
    await pan.advance(at('2026-02-22T05:00:00Z'));
    await setDays(pan, { clientSecretDays: [170, 100], clientSecretDaily: false });
    await pan.advance(at('2026-04-23T05:00:00Z'));
    await pan.settings.write({ 'smtp-server': page('2026-07-01') });
    await pan.advance(at('2026-06-30'));

    expect(raised()).toEqual(['soon 2026-04-23']);
  });

  it('raises once that a secret is expired, however often the page is saved after that', async () => {
    const { pan, raised, watch } = await makePan('2026-04-10');
    await setDays(pan, { clientSecretDays: [] });
    await watch.begin();
    await pan.advance(at('2026-04-20T09:00:00Z'));
    await pan.settings.write({ 'smtp-server': { ...page('2026-04-10'), connectionTimeoutMs: 30_000 } });
    await pan.advance(at('2026-05-20T09:00:00Z'));
    expect(raised()).toEqual(['expired 2026-04-10']);

    await pan.settings.write({ 'smtp-server': page('2026-05-01') });
    await pan.advance(at('2026-06-20'));
    expect(raised()).toEqual(['expired 2026-04-10', 'expired 2026-05-21']);
  });

  it.each([
    { change: 'a date', pages: (): object => ({ 'smtp-server': page('2026-03-20') }), next: '2026-02-18' },
    { change: 'no date', pages: (): object => ({ 'smtp-server': page() }), next: undefined },
  ])('finds $change that was saved while it raised an alarm', async ({ pages, next }) => {
    const { pan, raised, watch } = await makePan('2026-04-10');
    await setDays(pan, { clientSecretDays: [60, 30], clientSecretDaily: false });
    await watch.begin();
    const { durable, raising } = await whileRaising(pan, at('2026-02-09'));
    await pan.settings.write(pages() as Record<string, unknown>);
    durable();
    await raising;
    await pan.advance(at('2026-02-09T12:00:00Z'));

    expect(raised()).toEqual(['soon 2026-02-09']);
    expect(pan.due.map(({ due }) => new Date(due).toISOString().slice(0, 10))).toEqual(next === undefined ? [] : [next]);
  });

  it('that loses the duty while it raises an alarm leaves nothing to come', async () => {
    const { pan, watch } = await makePan('2026-04-10');
    const end = await watch.begin();
    const { durable, raising } = await whileRaising(pan, at('2026-02-09'));
    end();
    durable();
    await raising;

    expect(pan.due).toEqual([]);
  });

  it('raises what fell due while nobody had the duty, once', async () => {
    const { pan, raised, watch } = await makePan('2026-04-10');
    await pan.advance(at('2026-02-12T08:00:00Z'));
    (await watch.begin())();
    (await watch.begin())();

    expect([raised(), pan.due]).toEqual([['soon 2026-02-12'], []]);
  });

  it('that has no duty raises nothing, whatever is saved', async () => {
    const { pan, raised, watch } = await makePan('2026-04-10');
    (await watch.begin())();
    await pan.settings.write({ 'smtp-server': page('2026-02-03') });
    await pan.advance(at('2026-05-01'));

    expect(raised()).toEqual([]);
  });
});
