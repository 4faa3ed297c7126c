import { expect, test } from 'vitest';
import { hourMs, minuteMs, Secret } from '@isesim/domain';
import { makeMail, oauth, openSockets, setUp, settings } from './test/bench.ts';

test('a session is reused, also when its token has expired', async () => {
  await using bench = await setUp();
  for (let minutes = 0; minutes < 90; minutes += 4) {
    await bench.send();
    bench.world.advance(4 * minuteMs);
  }
  expect(bench.exchange.connections()).toBe(1);
  expect(bench.entra.posts).toHaveLength(1);
});

test('a session that was idle for long is not counted on; the next one gets a token of its own time', async () => {
  await using bench = await setUp();
  await bench.send();
  bench.world.advance(hourMs);
  await bench.send();
  expect(bench.exchange.logins.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
  expect(openSockets(bench.world)).toBe(1);
});

test('with a fresh token no idle session of that account is used', async () => {
  await using bench = await setUp();
  await Promise.all([bench.send(), bench.send({ mail: makeMail(2) })]);
  await bench.send({ freshToken: true });
  expect(bench.exchange.logins.map(({ token }) => token)).toEqual(['token-1', 'token-1', 'token-2']);
  expect(openSockets(bench.world)).toBe(1);
});

test.each([
  ['another secret', { authentication: { ...oauth, clientSecret: new Secret('another') } }],
  ['another mailbox', { authentication: { ...oauth, emailAddress: 'other@contoso.onmicrosoft.com' } }],
  ['a password', { authentication: { type: 'password' as const, username: 'relay', password: oauth.clientSecret } }],
  ['another host', { host: 'localhost' }],
])('%s in the settings ends the idle sessions of before', async (_, change) => {
  await using bench = await setUp();
  bench.world.hosts.set('localhost:587', bench.exchange.port);
  await bench.send();
  await bench.send({ settings: { ...settings, ...change } });
  expect(bench.exchange.connections()).toBe(2);
  expect(openSockets(bench.world)).toBeLessThanOrEqual(1);
});

test('another timeout in the settings does not', async () => {
  await using bench = await setUp();
  await bench.send();
  await bench.send({ settings: { ...settings, connectionTimeoutMs: 30_000 } });
  expect(bench.exchange.connections()).toBe(1);
});

const deaths = ['cut', { code: 421, text: '4.4.1 Connection timed out' }] as const;

test.each(deaths)('an idle session that turns out dead is silently replaced (%j)', async (trouble) => {
  await using bench = await setUp();
  await bench.send();
  bench.exchange.troubles.set('mail', trouble);
  expect(await bench.send({ mail: makeMail(2) })).toMatchObject({ kind: 'accepted' });
  expect(bench.exchange.mails).toHaveLength(2);
  expect(bench.exchange.connections()).toBe(2);
});

test('an idle session that the server has closed is noticed', async () => {
  await using bench = await setUp();
  await bench.send();
  const closed = new Promise((resolve) => bench.world.sockets.at(-1)?.once('close', resolve));
  bench.exchange.hangUp();
  await closed;
  expect(await bench.send({ mail: makeMail(2) })).toMatchObject({ kind: 'accepted' });
});

test('a dead session is replaced once: what the new one says counts', async () => {
  await using bench = await setUp();
  await bench.send();
  bench.exchange.troubles.set('mail', 'cut').set('connect', { code: 421, text: '4.3.2 Service not available' });
  expect(await bench.send()).toMatchObject({ kind: 'deferred', stage: 'connect', reply: { code: 421 } });
});

test('a session that is cut after the message went out is not tried again', async () => {
  await using bench = await setUp();
  await bench.send();
  bench.exchange.troubles.set('data', 'cut');
  expect(await bench.send()).toMatchObject({ kind: 'indefinite' });
  expect(bench.exchange.connections()).toBe(1);
});

test('the right to send is asked for again before a second MAIL FROM', async () => {
  await using bench = await setUp();
  await bench.send();
  bench.exchange.troubles.set('mail', 'cut');
  let asked = 0;
  expect(await bench.send({ mayBegin: () => (asked += 1) < 2 })).toMatchObject({ kind: 'not-begun' });
  expect(bench.exchange.mails).toHaveLength(1);
});

test('a mail that is turned down leaves its session for the next one', async () => {
  await using bench = await setUp();
  for (const step of ['rcpt', 'data', 'mail'] as const) {
    bench.exchange.troubles.set(step, { code: 550, text: '5.7.1 No' });
    expect(await bench.send()).toMatchObject({ kind: 'refused', stage: step });
  }
  expect(await bench.send()).toMatchObject({ kind: 'accepted' });
  expect(bench.exchange.connections()).toBe(1);
});

test('those who wait for a place get one when another fails', async () => {
  await using bench = await setUp();
  bench.exchange.troubles.set('connect', 'cut').set('data', 'cut');
  const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => bench.send({ mail: makeMail(index) })));
  const kinds = outcomes.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind !== 'accepted').sort()).toEqual(['deferred', 'indefinite']);
});
