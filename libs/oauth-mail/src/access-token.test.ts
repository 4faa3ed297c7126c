import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { hourMs, minuteMs, Secret, secondMs, type OAuthSettings } from '@isesim/domain';
import { acquireToken, openTokenSource, type AccessToken, type TokenSource } from './access-token.ts';
import { clientSecret, oauth, rootOf, setUp, withoutSecrets, type Bench } from './test/bench.ts';
import { entraError, type TokenAnswer } from './test/token-endpoint.ts';

const timeoutMs = minuteMs;

function tokensOf({ world }: Bench): (settings?: OAuthSettings, fresh?: boolean) => Promise<string> {
  const source: TokenSource = openTokenSource(world);
  return async (settings = oauth, fresh = false) => (await source.acquire(settings, { fresh, timeoutMs })).token.reveal();
}

test('a token comes with its end on the simulated clock and does not show itself', async () => {
  await using bench = await setUp();
  const token = await acquireToken(oauth, bench.world, timeoutMs);
  expect(token).toMatchObject({ kind: 'token', expiresAt: bench.world.clock.now() + 3599 * secondMs });
  expect((withoutSecrets(token) as AccessToken).token.reveal()).toBe('token-1');
});

test('five callers at once share one request, and four of them wait in a slot', async () => {
  await using bench = await setUp();
  const token = tokensOf(bench);
  expect(await Promise.all(Array.from({ length: 5 }, () => token()))).toEqual(Array.from({ length: 5 }, () => 'token-1'));
  expect(bench.entra.posts).toHaveLength(1);
  expect(bench.world.slotWaits()).toBe(4);
});

test('a token is reused until five minutes before its end on the simulated clock', async () => {
  await using bench = await setUp();
  const token = tokensOf(bench);
  await token();
  bench.world.advance(hourMs - 5 * minuteMs - 2 * secondMs);
  expect(await token()).toBe('token-1');
  bench.world.advance(secondMs);
  expect(await token()).toBe('token-2');
  expect(bench.entra.posts).toHaveLength(2);
});

test('a token that lives shorter than the margin is asked for anew each time', async () => {
  await using bench = await setUp();
  const token = tokensOf(bench);
  bench.entra.answers.push({ body: { token_type: 'Bearer', expires_in: 300, access_token: 'short' } });
  expect(await token()).toBe('short');
  expect(await token()).toBe('token-1');
});

test('a fresh token is another one, and is then the one that is reused', async () => {
  await using bench = await setUp();
  const token = tokensOf(bench);
  expect([await token(), await token(oauth, true), await token()]).toEqual(['token-1', 'token-2', 'token-2']);
});

test('a new secret brings a new client; the token of the old one is not used', async () => {
  await using bench = await setUp();
  const token = tokensOf(bench);
  await token();
  expect(await token({ ...oauth, clientSecret: new Secret('another') })).toBe('token-2');
  expect(bench.entra.posts.map(({ form }) => form.get('client_secret'))).toEqual([clientSecret, 'another']);
});

test('after a 429 without Retry-After the next request goes out: MSAL\'s throttle by the wall clock does not hold', async () => {
  await using bench = await setUp();
  const token = tokensOf(bench);
  bench.entra.answers.push(entraError(429, 'temporarily_unavailable', 90055, 'Too many requests.'));
  await expect(token()).rejects.toMatchObject({ stage: 'token', code: '90055', retryAfterMs: undefined });
  expect(await token()).toBe('token-1');
});

const busy: TokenAnswer = { ...entraError(503, 'temporarily_unavailable', 90033, 'A transient error has occurred.'), headers: { 'retry-after': '60' } };
const tooMany: TokenAnswer = { status: 429, body: 'Too Many Requests', headers: { 'retry-after': '60' } };

test.each([['90033', busy], ['EBADRESPONSE', tooMany]])('a Retry-After holds on the simulated clock: until then nobody is asked, and the answer is the same (%s)', async (code, answer) => {
  await using bench = await setUp();
  const token = tokensOf(bench);
  bench.entra.answers.push(answer);
  await expect(token()).rejects.toMatchObject({ code, retryAfterMs: minuteMs });
  bench.world.advance(minuteMs - secondMs);
  for (const fresh of [false, true]) await expect(token(oauth, fresh)).rejects.toMatchObject({ code, retryAfterMs: secondMs, message: expect.stringContaining('not asked again for another 1s') as string });
  expect(bench.entra.posts).toHaveLength(1);
  bench.world.advance(secondMs);
  expect(await token()).toBe('token-1');
  expect(bench.entra.posts).toHaveLength(2);
});

test('a Retry-After holds up neither another secret nor Test Connection', async () => {
  await using bench = await setUp();
  const token = tokensOf(bench);
  bench.entra.answers.push(busy);
  await expect(token()).rejects.toMatchObject({ retryAfterMs: minuteMs });
  expect(await token({ ...oauth, clientSecret: new Secret('another') })).toBe('token-1');
  expect(await acquireToken(oauth, bench.world, timeoutMs)).toMatchObject({ kind: 'token' });
});

test.each([
  ['7', 7 * secondMs],
  ['86400', hourMs],
  ['Wed, 04 Feb 2026 05:00:00 GMT', minuteMs],
])('Retry-After %j is a wait of %i ms, as MSAL takes it', async (header, retryAfterMs) => {
  await using bench = await setUp();
  bench.entra.answers.push({ ...busy, headers: { 'retry-after': header } });
  expect(await acquireToken(oauth, bench.world, timeoutMs)).toMatchObject({ kind: 'deferred', code: '90033', retryAfterMs });
});

test('a failure is shared by those who wait for the same request, and not kept', async () => {
  await using bench = await setUp();
  const token = tokensOf(bench);
  bench.entra.answers.push('cut');
  const ends = await Promise.allSettled([token(), token()]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await token()).toBe('token-1');
});

test('a region in the environment leads to no other token endpoint', async () => {
  await using bench = await setUp();
  process.env['MSAL_FORCE_REGION'] = 'westeurope';
  try {
    expect(await tokensOf(bench)()).toBe('token-1');
  } finally {
    delete process.env['MSAL_FORCE_REGION'];
  }
});

const answers: [string, TokenAnswer, object][] = [
  [
    'a wrong secret',
    entraError(401, 'invalid_client', 7000215, 'Invalid client secret provided.'),
    { kind: 'unauthorized', code: '7000215', reason: expect.stringMatching(/AADSTS7000215: Invalid client secret provided\.$/) },
  ],
  ['an expired secret', entraError(401, 'invalid_client', 7000222, 'The provided client secret keys are expired.'), { kind: 'unauthorized', code: '7000222' }],
  ['an unknown client', entraError(400, 'unauthorized_client', 700016, 'Application was not found in the directory.'), { kind: 'unauthorized', code: '700016' }],
  ['an unknown tenant', entraError(400, 'invalid_request', 90002, 'Tenant not found.'), { kind: 'unauthorized', code: '90002' }],
  ['throttling', entraError(429, 'temporarily_unavailable', 90055, 'Throttled.'), { kind: 'deferred', code: '90055' }],
  [
    'throttling in plain text',
    { status: 429, body: 'Too Many Requests' },
    { kind: 'deferred', code: 'EBADRESPONSE', reason: expect.stringContaining('429 Too Many Requests') },
  ],
  ['an outage', entraError(503, 'temporarily_unavailable', 90033, 'A transient error has occurred.'), { kind: 'deferred', code: '90033' }],
  ['something else than JSON', { body: '<html>' }, { kind: 'deferred', code: 'EBADRESPONSE' }],
  ['an answer without a token', { body: {} }, { kind: 'deferred', code: 'EBADRESPONSE' }],
  ['an endless answer', { body: 'x'.repeat(1_000_001) }, { kind: 'deferred', code: 'EBADRESPONSE' }],
];

test.each(answers)('%s is told as an outcome', async (_, answer, outcome) => {
  await using bench = await setUp();
  bench.entra.answers.push(answer);
  expect(withoutSecrets(await acquireToken(oauth, bench.world, timeoutMs))).toMatchObject({ stage: 'token', ...outcome });
});

test.each([
  ['a tenant that names none', { tenantId: 'common' }],
  ['no secret', { clientSecret: new Secret('') }],
])('settings with %s are not even sent', async (_, change) => {
  await using bench = await setUp();
  expect(await acquireToken({ ...oauth, ...change }, bench.world, timeoutMs)).toMatchObject({ kind: 'unauthorized', stage: 'token' });
  expect(bench.entra.posts).toEqual([]);
});

test('a tenant that is no path segment stays one', async () => {
  await using bench = await setUp();
  await acquireToken({ ...oauth, tenantId: 'a/b?c' }, bench.world, timeoutMs);
  expect(bench.entra.posts[0]?.url).toMatch(/^\/a%2Fb%3Fc\/oauth2/i);
});

const untrusted = /^UNABLE_TO_(GET_ISSUER_CERT_LOCALLY|VERIFY_LEAF_SIGNATURE)$/;

test('without trust in the root there is no token', async () => {
  await using bench = await setUp();
  for (const trusted of [[], [await rootOf.strangers]]) {
    bench.world.trusted = trusted;
    const outcome = await acquireToken(oauth, bench.world, timeoutMs);
    expect(outcome).toMatchObject({ kind: 'deferred', stage: 'token', code: expect.stringMatching(untrusted) });
  }
  expect(bench.entra.posts).toEqual([]);
});

test('a name that is not found, a closed port and a cut line are told by the system\'s code', async () => {
  await using bench = await setUp();
  bench.entra.answers.push('cut');
  expect(await acquireToken(oauth, bench.world, timeoutMs)).toMatchObject({ kind: 'deferred', stage: 'token', code: 'ECONNRESET' });
  bench.world.hosts.set('login.microsoftonline.com:443', 1);
  expect(await acquireToken(oauth, bench.world, timeoutMs)).toMatchObject({ kind: 'deferred', stage: 'token', code: 'ECONNREFUSED' });
  bench.world.hosts.delete('login.microsoftonline.com:443');
  expect(await acquireToken(oauth, bench.world, timeoutMs)).toMatchObject({ kind: 'deferred', stage: 'token', code: 'ENOTFOUND' });
});

test('an endpoint that stays silent is given up at the deadline on the simulated clock', async () => {
  await using bench = await setUp();
  bench.entra.answers.push('silence');
  const asked = bench.entra.asked();
  const outcome = acquireToken(oauth, bench.world, timeoutMs);
  await asked;
  bench.world.advance(timeoutMs);
  expect(await outcome).toMatchObject({ kind: 'deferred', stage: 'token', code: 'ETIMEDOUT', reason: expect.stringContaining('1m') });
});

test('what is thrown does not show the secret', async () => {
  await using bench = await setUp();
  bench.entra.answers.push(entraError(401, 'invalid_client', 7000215, 'Invalid client secret provided.'));
  const error: unknown = await tokensOf(bench)().catch((thrown: unknown) => thrown);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(clientSecret);
});
