import { expect, test } from 'vitest';
import { Secret } from '@isesim/domain';
import { makeMail, oauth, setUp, settings } from './test/bench.ts';
import { nodeAddress } from './test/test-world.ts';

test('a mail goes out with a token, over TLS, from the node\'s own address and under its own name', async () => {
  await using bench = await setUp();
  const outcome = await bench.send();
  expect(outcome).toEqual({ kind: 'accepted', reply: { code: 250, enhanced: '2.0.0', text: 'OK <id@server> [Hostname=smtp.example]' } });
  expect(bench.entra.posts).toHaveLength(1);
  const [post] = bench.entra.posts;
  expect(post).toMatchObject({ from: nodeAddress, url: expect.stringMatching(`^/${oauth.tenantId}/oauth2/v2.0/token`) });
  expect(Object.fromEntries(post?.form ?? [])).toMatchObject({
    client_id: oauth.clientId,
    client_secret: oauth.clientSecret.reveal(),
    grant_type: 'client_credentials',
    scope: 'https://outlook.office.com/.default',
  });
  expect(bench.exchange.logins).toEqual([{ method: 'XOAUTH2', user: oauth.emailAddress, token: 'token-1' }]);
  expect(bench.exchange.mails).toMatchObject([
    { from: 'no-reply@contoso.onmicrosoft.com', to: ['ana@guest.example'], remoteAddress: nodeAddress, ehlo: 'ise-1.ise.example' },
  ]);
});

test('twenty mails at once go over three connections with one token', async () => {
  await using bench = await setUp();
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => bench.send({ mail: makeMail(index) })));
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => 'accepted'));
  expect(bench.exchange.mails).toHaveLength(20);
  expect(bench.exchange.connections()).toBeLessThanOrEqual(3);
  expect(bench.exchange.submissionsAtOnce()).toBeLessThanOrEqual(3);
  expect(bench.entra.posts).toHaveLength(1);
  expect(bench.world.slotWaits()).toBeGreaterThanOrEqual(17);
});

test('the body of a large mail goes out whole', async () => {
  await using bench = await setUp();
  const text = 'A line of some length, again and again.\r\n.\r\n'.repeat(50_000);
  expect(await bench.send({ mail: { ...makeMail(), text } })).toMatchObject({ kind: 'accepted' });
  expect(bench.exchange.mails[0]?.source).toContain(text);
});

const exchangeSays = [
  ['connect', 421, '4.3.2 Service not available', 'deferred', 'connect'],
  ['connect', 554, '5.7.1 Access denied', 'deferred', 'connect'],
  ['auth', 535, '5.7.3 Authentication unsuccessful', 'unauthorized', 'auth'],
  ['auth', 550, '5.7.30 Basic authentication is not supported', 'unauthorized', 'auth'],
  ['auth', 451, '4.7.0 Temporary server error', 'deferred', 'auth'],
  ['auth', 421, '4.7.66 TLS 1.0 and 1.1 are not supported', 'deferred', 'auth'],
  ['mail', 530, '5.7.57 Client not authenticated to send mail', 'unauthorized', 'mail'],
  ['mail', 550, '5.2.252 Sender throttled', 'refused', 'mail'],
  ['mail', 451, '5.7.3 STARTTLS is required to send mail', 'deferred', 'mail'],
  ['mail', 421, '4.4.2 Message submission rate', 'deferred', 'mail'],
  ['rcpt', 550, '5.1.1 User unknown', 'refused', 'rcpt'],
  ['rcpt', 451, '4.7.500 Server busy', 'deferred', 'rcpt'],
  ['data', 554, '5.2.252 SendAsDenied', 'refused', 'data'],
  ['data', 430, '4.2.0 STOREDRV; mailbox logon failure', 'deferred', 'data'],
  ['data', 432, '4.3.2 Concurrent connections limit exceeded', 'deferred', 'data'],
  ['data', 421, '4.3.2 Service not available', 'deferred', 'data'],
] as const;

test.each(exchangeSays)('at %s, %i %s is %s', async (step, code, text, kind, stage) => {
  for (const pipelining of [true, false]) {
    await using bench = await setUp({ pipelining });
    bench.exchange.troubles.set(step, { code, text });
    const [, enhanced, rest] = /^(\S+) (.*)$/.exec(text) ?? [];
    expect(await bench.send()).toMatchObject({ kind, stage, reply: { code, enhanced, text: rest }, reason: expect.stringContaining(text) });
    expect(bench.exchange.mails).toEqual([]);
    expect(await bench.send(), 'the next attempt').toMatchObject({ kind: 'accepted' });
  }
});

test.each([
  ['connect', 'deferred', 'connect'],
  ['auth', 'deferred', 'auth'],
  ['mail', 'deferred', 'mail'],
  ['rcpt', 'deferred', 'mail'],
] as const)('a connection that is cut at %s leaves nothing in doubt', async (step, kind, stage) => {
  await using bench = await setUp();
  bench.exchange.troubles.set(step, 'cut');
  expect(await bench.send()).toMatchObject({ kind, stage, code: 'ECONNRESET' });
});

test('a connection that is cut after the whole message leaves the outcome open', async () => {
  await using bench = await setUp();
  bench.exchange.troubles.set('data', 'cut');
  expect(await bench.send()).toEqual({ kind: 'indefinite', reason: expect.stringContaining('the whole message had gone out') });
});

test.each([
  ['auth', { kind: 'deferred', stage: 'auth', code: 'ETIMEDOUT' }],
  ['connect', { kind: 'deferred', stage: 'connect', code: 'ETIMEDOUT' }],
  ['mail', { kind: 'deferred', stage: 'mail', code: 'ETIMEDOUT' }],
  ['data', { kind: 'indefinite', reason: expect.stringContaining('no answer within 1m') }],
] as const)('a server that stays silent at %s is given up when the simulated minute is over', async (step, outcome) => {
  await using bench = await setUp();
  bench.exchange.troubles.set(step, 'silence');
  const reached = bench.exchange.reached(step);
  const end = bench.send();
  await reached;
  bench.world.advance(settings.connectionTimeoutMs - 1);
  expect(bench.world.pendingDeadlines()).toBe(1);
  bench.world.advance(1);
  expect(await end).toMatchObject(outcome);
});

test('a server of unknown origin is not talked to', async () => {
  await using bench = await setUp();
  await bench.send();
  bench.world.trusted = [];
  expect(await bench.send(), 'also not over a connection from before').toMatchObject({
    kind: 'deferred',
    stage: 'tls',
    code: expect.stringMatching(/^UNABLE_TO_(GET_ISSUER_CERT_LOCALLY|VERIFY_LEAF_SIGNATURE)$/),
  });
  expect(bench.exchange.logins).toHaveLength(1);
});

test('a certificate for another name is not taken', async () => {
  await using bench = await setUp();
  bench.world.hosts.set('mail.example:587', bench.exchange.port);
  const outcome = await bench.send({ settings: { ...settings, host: 'mail.example' } });
  expect(outcome).toMatchObject({ kind: 'deferred', stage: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

test('without STARTTLS nothing is sent where TLS is wanted', async () => {
  await using bench = await setUp({ tls: false, authOptional: true });
  expect(await bench.send()).toMatchObject({ kind: 'deferred', stage: 'tls', reply: { code: expect.any(Number) } });
  expect(bench.exchange.logins).toEqual([]);
});

test('no port, no name: the system\'s code', async () => {
  await using bench = await setUp();
  bench.world.hosts.set('smtp.office365.com:587', 1);
  expect(await bench.send()).toMatchObject({ kind: 'deferred', stage: 'connect', code: 'ECONNREFUSED' });
  bench.world.hosts.delete('smtp.office365.com:587');
  expect(await bench.send()).toMatchObject({ kind: 'deferred', stage: 'connect', code: 'ENOTFOUND' });
});

test('without a token no connection to the mail server is opened', async () => {
  await using bench = await setUp();
  bench.entra.answers.push('cut');
  expect(await bench.send()).toMatchObject({ kind: 'deferred', stage: 'token', code: 'ECONNRESET' });
  expect(bench.exchange.connections()).toBe(0);
});

test('where the server offers no AUTH no credentials go out, and it says at MAIL what it wants', async () => {
  await using bench = await setUp({ offersAuth: false });
  bench.exchange.troubles.set('mail', { code: 451, text: '5.7.3 STARTTLS is required to send mail' });
  expect(await bench.send({ settings: { ...settings, tls: false } })).toMatchObject({ kind: 'deferred', stage: 'mail', reply: { code: 451 } });
  expect(bench.exchange.logins).toEqual([]);
});

test('a user name and password do as well, and so does nothing where nothing is asked', async () => {
  await using bench = await setUp({ authOptional: true });
  const password = { ...settings, authentication: { type: 'password' as const, username: 'relay', password: oauth.clientSecret } };
  expect(await bench.send({ settings: password })).toMatchObject({ kind: 'accepted' });
  expect(await bench.send({ settings: { ...settings, authentication: { type: 'none' } } })).toMatchObject({ kind: 'accepted' });
  expect(bench.exchange.mails.map(({ user }) => user)).toEqual(['relay', undefined]);
  expect(bench.entra.posts).toEqual([]);
});

test('an empty password is told as what it is', async () => {
  await using bench = await setUp();
  const authentication = { type: 'password' as const, username: 'relay', password: new Secret('') };
  expect(await bench.send({ settings: { ...settings, authentication } })).toMatchObject({ kind: 'unauthorized', stage: 'auth' });
});

test('when some recipients are refused the mail is accepted and they are named', async () => {
  await using bench = await setUp();
  bench.exchange.troubles.set('rcpt bob@guest.example', { code: 550, text: '5.1.1 User unknown' });
  const outcome = await bench.send({ mail: { ...makeMail(), to: ['ana@guest.example', 'bob@guest.example'] } });
  const text = expect.stringMatching(/; refused: bob@guest\.example \(550 5\.1\.1 User unknown\)$/);
  expect(outcome).toMatchObject({ kind: 'accepted', reply: { code: 250, text } });
  expect(bench.exchange.mails).toMatchObject([{ to: ['ana@guest.example'] }]);
});

test('when all recipients are refused, one of them for now, the mail can be tried again', async () => {
  await using bench = await setUp();
  bench.exchange.troubles.set('rcpt ana@guest.example', { code: 450, text: '4.2.1 Mailbox busy' });
  bench.exchange.troubles.set('rcpt bob@guest.example', { code: 550, text: '5.1.1 User unknown' });
  const mail = { ...makeMail(), to: ['ana@guest.example', 'bob@guest.example'] };
  expect(await bench.send({ mail })).toMatchObject({ kind: 'deferred', stage: 'rcpt', reply: { code: 450 } });
});

const badAddresses = ['ana@guest.example\r\nRCPT TO:<eve@evil.example>', 'ana@guest.example>\r\nDATA', ''];

test.each(badAddresses)('the address %j is refused before anything is sent', async (address) => {
  await using bench = await setUp();
  expect(await bench.send({ mail: { ...makeMail(), to: [address] } })).toMatchObject({ kind: 'refused', stage: 'mail' });
  expect(await bench.send({ mail: { ...makeMail(), from: address || '<>' } })).toMatchObject({ kind: 'refused', stage: 'mail' });
  expect(await bench.send()).toMatchObject({ kind: 'accepted' });
  expect(bench.exchange.mails).toHaveLength(1);
  expect(bench.exchange.connections()).toBe(1);
});

test('who has lost the right to send does not begin, and the connection stays for others', async () => {
  await using bench = await setUp();
  expect(await bench.send({ mayBegin: () => false })).toEqual({ kind: 'not-begun', reason: expect.any(String) });
  const answers = [true, false, true];
  const outcomes = [];
  for (const answer of answers) outcomes.push((await bench.send({ mayBegin: () => answer })).kind);
  expect(outcomes).toEqual(['accepted', 'not-begun', 'accepted']);
  expect(bench.exchange.mails).toHaveLength(2);
  expect(bench.exchange.connections()).toBe(1);
});

test('the right to send is asked for when the connection is ready, not before', async () => {
  await using bench = await setUp();
  const loginsWhenAsked: number[] = [];
  await bench.send({ mayBegin: () => loginsWhenAsked.push(bench.exchange.logins.length) > 0 });
  expect(loginsWhenAsked).toEqual([1]);
});

test('a defect is thrown, not taken for an outcome, and closes the connection', async () => {
  await using bench = await setUp();
  const mayBegin = (): boolean => {
    throw new TypeError('a defect');
  };
  await expect(bench.send({ mayBegin })).rejects.toThrow('a defect');
});

test('after close no submission begins', async () => {
  await using bench = await setUp();
  await bench.send();
  await bench.mail.close();
  expect(await bench.send()).toMatchObject({ kind: 'not-begun' });
  expect(bench.exchange.mails).toHaveLength(1);
});
