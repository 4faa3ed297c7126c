import { expect, test } from 'vitest';
import { watchGuestExpiry } from './guest-expiry.ts';
import { primaryPan } from './primary-pan.ts';
import { TestNode } from './test-node.ts';

const dayMs = 86_400_000;
const guest = (id: string) => ({ id, username: id, password: 'x', firstName: '', lastName: '', email: `${id}@guest.example`, type: 'Contractor', portal: 'sponsor', state: 'Created' as const, createdAt: 0, validFrom: 0, validTo: 10 * dayMs });

test('after a restore it watches the guests that are there then', async () => {
  const pan = new TestNode(0);
  pan.guests.set('ana', guest('ana'));
  const { take, renew } = primaryPan(pan.node, watchGuestExpiry(pan.node));
  await take();
  pan.guests.clear();
  pan.guests.set('ben', guest('ben'));
  await renew();
  await pan.advance(10 * dayMs);

  expect(pan.notified.map(({ to }) => to)).toEqual([['ben@guest.example']]);
});

test('a PAN that has no duty takes none up by a restore, and neither does one that has lost it', async () => {
  const pan = new TestNode(0);
  pan.guests.set('ana', guest('ana'));
  const { take, renew } = primaryPan(pan.node, watchGuestExpiry(pan.node));
  await renew();
  expect(pan.due).toEqual([]);
  (await take())();
  await renew();
  expect(pan.due).toEqual([]);
});

test('a duty that is lost while a restore renews it leaves nothing to be done', async () => {
  const pan = new TestNode(0);
  pan.guests.set('ana', guest('ana'));
  const { take, renew } = primaryPan(pan.node, watchGuestExpiry(pan.node));
  const release = await take();
  const renewing = renew();
  release();
  await renewing;

  expect(pan.due).toEqual([]);
});

test('a restore while the duty is being taken up is looked at, and ends with the duty', async () => {
  const pan = new TestNode(0);
  pan.pages.administrators = { administrators: [{ name: 'admin', email: 'admin@contoso.example', systemAlarmsInEmail: false, passwordChanged: 0 }] };
  const { take, renew } = primaryPan(pan.node, watchGuestExpiry(pan.node));
  const taking = take();
  pan.guests.set('ben', guest('ben'));
  const [release] = await Promise.all([taking, renew()]);
  expect(pan.due.map(({ what }) => what)).toContain('expiry notice for ben');
  release();

  expect(pan.due).toEqual([]);
});
