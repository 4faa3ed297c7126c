import { streamsOf, type Bus } from '@isesim/bus';
import type { AcceptedMail, MailRecord } from '@isesim/domain';
import { describe, expect, it, test } from 'vitest';
import { fits, MailWatch, misfits, type MailFilter } from './mail-watch.ts';

function recordOf(changes: Partial<MailRecord> = {}): MailRecord {
  return {
    id: 'm1',
    messageId: 'alarm-7@ise.example',
    purpose: 'alarm',
    template: 'alarm',
    sentBy: 'ise-2',
    personas: ['pan', 'mnt'],
    from: 'no-reply@contoso.onmicrosoft.com',
    to: ['root@contoso.example', 'noc@contoso.example'],
    subject: 'ISE alarm: High CPU',
    acceptedAt: '2026-11-21T12:00:00.000Z',
    acceptedAtSimulated: '2026-02-02T05:00:00.000Z',
    begunAtSimulated: '2026-02-02T05:00:00.000Z',
    remoteAddress: '127.83.0.2',
    ehlo: 'ise-2.ise.example',
    evidence: 'address',
    authenticatedAs: { clientId: 'c', mailbox: 'no-reply@contoso.onmicrosoft.com' },
    traceId: null,
    claimedNode: 'ise-2',
    ...changes,
  };
}

describe('a record', () => {
  it.each<{ filter: MailFilter }>([
    { filter: {} },
    { filter: { purpose: 'alarm' } },
    { filter: { template: 'alarm', sentBy: 'ise-2', from: 'no-reply@contoso.onmicrosoft.com', subject: 'ISE alarm: High CPU' } },
    { filter: { to: 'noc@contoso.example' } },
    { filter: { to: 'root@contoso.example' } },
    { filter: { purpose: undefined, to: undefined } },
  ])('fits $filter', ({ filter }) => {
    expect(fits(recordOf(), filter)).toBe(true);
    expect(misfits(recordOf(), filter)).toEqual([]);
  });

  it.each<{ filter: MailFilter; fields: (keyof MailFilter)[] }>([
    { filter: { purpose: 'guest-expiry' }, fields: ['purpose'] },
    { filter: { template: 'portal-test' }, fields: ['template'] },
    { filter: { sentBy: 'ise-1' }, fields: ['sentBy'] },
    { filter: { from: 'other@contoso.onmicrosoft.com' }, fields: ['from'] },
    { filter: { subject: 'High CPU' }, fields: ['subject'] },
    { filter: { to: 'contoso.example' }, fields: ['to'] },
    { filter: { purpose: 'alarm', sentBy: 'ise-1', to: 'ana@guest.example' }, fields: ['sentBy', 'to'] },
  ])('does not fit $filter, because of $fields', ({ filter, fields }) => {
    expect(fits(recordOf(), filter)).toBe(false);
    expect(misfits(recordOf(), filter)).toEqual(fields);
  });

  it('of a mail that claims nothing fits no purpose', () => {
    expect(misfits(recordOf({ purpose: null, template: null, sentBy: null }), { purpose: 'alarm', template: 'alarm', sentBy: 'ise-2' })).toEqual(['purpose', 'template', 'sentBy']);
  });
});

/** A watch over a stream that the test fills. */
async function openWatch() {
  let take: (message: { value: AcceptedMail }) => void = () => undefined;
  const bus = {
    streams: streamsOf('test'),
    follow: (_stream: unknown, taker: typeof take) => {
      take = taker;
      return Promise.resolve();
    },
  };
  const watch = await MailWatch.open(bus as unknown as Bus);
  const accept = (...records: MailRecord[]) => { for (const record of records) take({ value: { record, source: `source of ${record.id}` } }); };
  return { watch, accept };
}

const [alarm, notice] = [recordOf(), recordOf({ id: 'm2', purpose: 'guest-expiry', sentBy: 'ise-1', to: ['ana@guest.example'] })];

test('mails are kept in the order of their acceptance, and can be filtered', async () => {
  const { watch, accept } = await openWatch();
  accept(alarm, notice);

  expect(watch.all()).toEqual([alarm, notice]);
  expect(watch.all({ sentBy: 'ise-1' })).toEqual([notice]);
  expect(watch.all({ purpose: 'portal-test' })).toEqual([]);
});

test('a mail is found by its id, with its source', async () => {
  const { watch, accept } = await openWatch();
  accept(alarm);

  expect(watch.find('m1')).toEqual({ record: alarm, source: 'source of m1' });
  expect(watch.find('m2')).toBeUndefined();
});

test('a mail that is recorded twice is one mail', async () => {
  const { watch, accept } = await openWatch();
  const heard: string[] = [];
  watch.onMail(({ record }) => heard.push(record.id));
  accept(alarm, alarm);

  expect(watch.all()).toEqual([alarm]);
  expect(heard).toEqual(['m1']);
});

test('whoever listens hears of new mails until they stop listening', async () => {
  const { watch, accept } = await openWatch();
  accept(alarm);
  const heard: string[] = [];
  const stop = watch.onMail(({ record }) => heard.push(record.id));
  accept(notice);
  stop();
  accept(recordOf({ id: 'm3' }));

  expect(heard).toEqual(['m2']);
});
