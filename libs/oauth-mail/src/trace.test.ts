import { inspect } from 'node:util';
import type { TraceEvent } from '@isesim/domain';
import { expect, test } from 'vitest';
import { clientSecret, rootOf, setUp, settings, type Bench } from './test/bench.ts';
import { entraError } from './test/token-endpoint.ts';

const claims = { aud: 'https://outlook.office.com', appid: 'app', appidacr: '1', idp: 'https://sts.windows.net/t/', oid: 'object', sub: 'object', roles: ['SMTP.SendAsApp'], wids: ['0997a1d0-0d1d-4acb-b408-d5ca73121e90'], aio: 'opaque' };
const token = ['header', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'signature-of-token'].join('.');

/** A Test Connection that is traced. */
async function traced(bench: Bench, held = settings) {
  const events: TraceEvent[] = [];
  const outcome = await bench.mail.testConnection(held, (event) => { events.push(event); });
  return { outcome, events, at: <Step extends TraceEvent['step']>(step: Step) => events.filter((event): event is Extract<TraceEvent, { step: Step }> => event.step === step) };
}

test('a trace tells resolution, connection, chain, token request and answer, claims and dialogue, in this order', async () => {
  await using bench = await setUp();
  bench.entra.answers.push({ body: { token_type: 'Bearer', expires_in: 3599, access_token: token } });
  const { outcome, events, at } = await traced(bench);
  expect(outcome.kind).toBe('accepted');
  expect(events.map(({ step }) => step).filter((step, index, all) => step !== all[index - 1])).toEqual(['resolve', 'connect', 'tls', 'token-request', 'token-answer', 'resolve', 'connect', 'smtp', 'tls', 'smtp']);
  expect(at('resolve').map(({ name, address }) => [name, address])).toEqual([['login.microsoftonline.com', '127.0.0.1'], ['smtp.office365.com', '127.0.0.1']]);
  expect(at('connect')).toMatchObject([{ to: 'login.microsoftonline.com:443', from: expect.stringMatching(/^127\.0\.0\.2:\d+$/) as string }, { to: 'smtp.office365.com:587' }]);
  expect(at('token-request')).toEqual([
    {
      step: 'token-request',
      url: `https://login.microsoftonline.com/${'2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff'}/oauth2/v2.0/token`,
      form: { client_id: '7d8f0c1e-1111-4222-8333-444455556666', scope: 'https://outlook.office.com/.default', grant_type: 'client_credentials', client_secret: '***' },
    },
  ]);
  const { aio: _, ...shown } = claims;
  expect(at('token-answer')).toEqual([{ step: 'token-answer', status: 200, answer: { token_type: 'Bearer', expires_in: 3599 }, claims: shown }]);
  expect(at('smtp').map(({ says, line }) => `${says === 'client' ? '>' : '<'} ${line}`)).toEqual(expect.arrayContaining(['> EHLO ise-1.ise.example', '> STARTTLS', '> AUTH XOAUTH2 ***', '< 235 Authentication successful']));
});

test('a trusted chain ends with the root that the node trusts, and each certificate is told with its issuer', async () => {
  await using bench = await setUp();
  const { at } = await traced(bench);
  for (const { chain, failed, host } of at('tls')) {
    expect({ host, failed, chain: chain.map(({ subject, issuer, trusted }) => [subject, issuer, trusted]) }).toEqual({
      host,
      failed: undefined,
      chain: [
        ['CN=login.microsoftonline.com', 'CN=Throw-away root', false],
        ['CN=Throw-away root', 'CN=Throw-away root', true],
      ],
    });
  }
  expect(at('tls').map(({ host }) => host)).toEqual(['login.microsoftonline.com', 'smtp.office365.com']);
});

test('of a chain that is not trusted it shows what was presented, and that nothing was sent after it', async () => {
  await using bench = await setUp();
  bench.world.trusted = [await rootOf.strangers];
  const { outcome, at } = await traced(bench);
  expect(outcome).toMatchObject({ kind: 'deferred', stage: 'token' });
  expect(at('tls')).toMatchObject([{ host: 'login.microsoftonline.com', failed: expect.stringMatching(/^UNABLE_TO/) as string, chain: [{ subject: 'CN=login.microsoftonline.com', issuer: 'CN=Throw-away root', trusted: false }] }]);
  expect(at('token-request')).toEqual([]);
  expect(bench.entra.posts).toEqual([]);
});

test('the same at STARTTLS: the chain, why it failed, and no login after it', async () => {
  await using bench = await setUp();
  Object.assign(bench.world.network, { trustedCertificates: (host: string) => (host === 'smtp.office365.com' ? [] : bench.world.trusted) });
  const { outcome, at } = await traced(bench);
  expect(outcome).toMatchObject({ kind: 'deferred', stage: 'tls' });
  expect(at('tls')[1]).toMatchObject({ host: 'smtp.office365.com', failed: expect.stringMatching(/^UNABLE_TO/) as string, chain: [{ trusted: false }] });
  expect(at('smtp').some(({ line }) => line.startsWith('AUTH'))).toBe(false);
});

test('a refusal of Entra ID is told with its description', async () => {
  await using bench = await setUp();
  bench.entra.answers.push(entraError(401, 'invalid_client', 7000215, 'Invalid client secret provided.'));
  const { at } = await traced(bench);
  expect(at('token-answer')).toMatchObject([{ status: 401, error: { error: 'invalid_client', error_codes: [7000215], error_description: expect.stringContaining('AADSTS7000215') as string } }]);
});

test('an answer that is none is told by its status, and a name that is not found by the failure', async () => {
  await using bench = await setUp();
  bench.entra.answers.push({ status: 429, body: 'Too Many Requests' });
  expect((await traced(bench)).at('token-answer')).toEqual([{ step: 'token-answer', status: 429 }]);
  bench.world.hosts.delete('login.microsoftonline.com:443');
  const { at } = await traced(bench);
  expect(at('resolve')).toMatchObject([{ name: 'login.microsoftonline.com', failed: 'getaddrinfo ENOTFOUND login.microsoftonline.com' }]);
  expect(at('connect')).toMatchObject([{ to: 'login.microsoftonline.com:443', failed: expect.stringContaining('ENOTFOUND') as string }]);
});

test.each<[string, Partial<typeof settings>]>([
  ['OAuth', {}],
  ['a password', { authentication: { type: 'password', username: 'u', password: settings.authentication.type === 'exchange-online-oauth' ? settings.authentication.clientSecret : (undefined as never) } }],
])('with %s no secret and no token is in it, plain or in base64', async (_, change) => {
  await using bench = await setUp();
  bench.entra.answers.push({ body: { token_type: 'Bearer', expires_in: 3599, access_token: token } });
  const { events } = await traced(bench, { ...settings, ...change });
  const shown = [JSON.stringify(events), inspect(events, { depth: 10 })].join();
  for (const secret of [clientSecret, 'signature-of-token']) {
    for (const form of formsOf(secret)) expect(shown).not.toContain(form);
  }
  expect(events.length).toBeGreaterThan(5);
});

test('a session that goes through a proxy is not taken for one on the direct way, nor the other way round', async () => {
  await using bench = await setUp();
  await bench.send();
  bench.world.proxy = 'proxy.example:8080';
  await bench.send();
  expect(bench.exchange.connections()).toBe(2);
  await bench.send();
  expect(bench.exchange.connections()).toBe(2);
  bench.world.proxy = undefined;
  await bench.send();
  expect(bench.exchange.connections()).toBe(3);
});

/** Plain, for a form, and in base64 at each of the three places where it can begin. */
function formsOf(secret: string): string[] {
  const shifted = [0, 1, 2].map((shift) => Buffer.from(`${'x'.repeat(shift)}${secret}`).toString('base64').slice(4, -4));
  return [secret, encodeURIComponent(secret), ...shifted];
}
