import { expect, test } from 'vitest';
import { oauth, openSockets, setUp, settings, withoutSecrets } from './test/bench.ts';

test('a test gets a token of its own, authenticates and sends nothing', async () => {
  await using bench = await setUp();
  await bench.send();
  expect(withoutSecrets(await bench.mail.testConnection(settings))).toEqual({ kind: 'accepted', reply: { code: 235, text: 'Authentication successful' } });
  expect(bench.exchange.logins.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
  expect(bench.exchange.mails).toHaveLength(1);
  expect(openSockets(bench.world), 'only the session of before').toBe(1);
  await bench.send();
  expect(bench.entra.posts, 'the token of the test is not kept').toHaveLength(2);
});

test('what Exchange refuses is told', async () => {
  await using bench = await setUp();
  bench.exchange.troubles.set('auth', { code: 535, text: '5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.' });
  expect(await bench.mail.testConnection(settings)).toMatchObject({ kind: 'unauthorized', stage: 'auth', reply: { code: 535, enhanced: '5.7.139' } });
});

test('where no authentication is offered, credentials cannot have been tested', async () => {
  await using bench = await setUp({ offersAuth: false });
  expect(await bench.mail.testConnection({ ...settings, tls: false })).toMatchObject({ kind: 'unauthorized', stage: 'auth', reason: expect.stringContaining('turn TLS on') });
});

test('without authentication the test ends with EHLO', async () => {
  await using bench = await setUp();
  expect(await bench.mail.testConnection({ ...settings, authentication: { type: 'none' } })).toMatchObject({ kind: 'accepted', reply: { code: 250 } });
});

test('a silent token endpoint ends the test at the deadline', async () => {
  await using bench = await setUp();
  bench.entra.answers.push('silence');
  const asked = bench.entra.asked();
  const outcome = bench.mail.testConnection({ ...settings, authentication: oauth });
  await asked;
  bench.world.advance(settings.connectionTimeoutMs);
  expect(await outcome).toMatchObject({ kind: 'deferred', stage: 'token', code: 'ETIMEDOUT' });
});
