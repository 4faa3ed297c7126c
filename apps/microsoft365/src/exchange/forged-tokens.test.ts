import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { mailbox, TestWorld, xoauth2 } from '../test-world.ts';

let world: TestWorld;
let genuine: { header: Record<string, unknown>; claims: Record<string, unknown>; parts: [string, string, string] };

beforeAll(async () => {
  world = await TestWorld.start();
  genuine = taken(await world.token());
});
afterEach(() => {
  world.restoreTenant();
});
afterAll(async () => {
  expect(world.recorded).toEqual([]);
  expect(world.defects).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const base64url = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

function taken(token: string): typeof genuine {
  const parts = token.split('.') as [string, string, string];
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return { header: read(parts[0]), claims: read(parts[1]), parts };
}

async function publicJwk(): Promise<JsonWebKey> {
  const { body } = await world.http('GET', '/discovery/v2.0/keys');
  return (body as { keys: [JsonWebKey] }).keys[0];
}

async function authenticate(token: string): Promise<string> {
  const client = await world.dialTls();
  const reply = await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, token)}`);
  const after = await client.say(`MAIL FROM:<${mailbox}>`);
  await client.close();
  expect(after).toMatch(reply.startsWith('235') ? /^250/ : /^530 5\.7\.57/);
  return reply;
}

test('a genuine token is let in', async () => {
  expect(await authenticate(genuine.parts.join('.'))).toMatch(/^235/);
});

test.each<[how: string, forge: () => string | Promise<string>]>([
  ['alg none', () => `${base64url({ alg: 'none', typ: 'JWT' })}.${genuine.parts[1]}.`],
  ['alg none with the old signature', () => `${base64url({ ...genuine.header, alg: 'none' })}.${genuine.parts[1]}.${genuine.parts[2]}`],
  ['no signature', () => `${genuine.parts[0]}.${genuine.parts[1]}.`],
  [
    'HS256 keyed with the public key',
    async () => {
      const jwk = await publicJwk();
      const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      const text = `${base64url({ ...genuine.header, alg: 'HS256' })}.${genuine.parts[1]}`;
      return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
    },
  ],
  ['signed with another key', () => signed(genuine.header, genuine.claims)],
  ['that brings the key along', () => signed({ ...genuine.header, jwk: createPublicKey(otherKey).export({ format: 'jwk' }) }, genuine.claims)],
  ['PS256 with another key', () => signed({ ...genuine.header, alg: 'PS256' }, genuine.claims)],
  ['tampered payload', () => `${genuine.parts[0]}.${base64url({ ...genuine.claims, oid: 'x' })}.${genuine.parts[2]}`],
  ['payload with one more space', () => `${genuine.parts[0]}.${base64url(`${JSON.stringify(genuine.claims)} `)}.${genuine.parts[2]}`],
  ['flipped signature', () => `${genuine.parts[0]}.${genuine.parts[1]}.${genuine.parts[2].split('').reverse().join('')}`],
  ['truncated', () => genuine.parts.join('.').slice(0, -10)],
  ['cut in two', () => `${genuine.parts[0]}.${genuine.parts[1]}`],
  ['five parts', () => `${genuine.parts.join('.')}.a.b`],
  ['no token at all', () => 'x'],
])('a forged one is refused: %s', async (_, forge) => {
  expect(await authenticate(await forge())).toMatch(/^535 5\.7\.3 Authentication unsuccessful \[/);
});

test('one that has expired on the simulated clock, to the second', async () => {
  const token = await world.token();
  world.clock.advance(3_598_000);
  expect(await authenticate(token)).toMatch(/^235/);
  world.clock.advance(1_000);
  expect(await authenticate(token)).toMatch(/^535 5\.7\.3/);
});

test('one that is not valid yet', async () => {
  const token = await world.token();
  world.clock.advance(-1_000);
  expect(await authenticate(token)).toMatch(/^535 5\.7\.3/);
  world.clock.advance(1_000);
  expect(await authenticate(token)).toMatch(/^235/);
});

test('one of another tenant, though our key signed it', async () => {
  const token = await world.token();
  world.change(() => ({ tenantId: '99999999-aaaa-4bbb-8ccc-ddddeeeeffff' }));
  expect(await authenticate(token)).toMatch(/^535 5\.7\.3/);
});

test.each([
  ['another audience', 'https://graph.microsoft.com/.default'],
  ['the bare id of Exchange Online as its audience', '00000002-0000-0ff1-ce00-000000000000/.default'],
])('one with %s', async (_, scope) => {
  expect(await authenticate(await world.token({ scope }))).toMatch(/^535 5\.7\.3/);
});

/** Signed as it says, with a key that is not Entra ID's. */
function signed(header: Record<string, unknown>, claims: Record<string, unknown>): string {
  const text = `${base64url(header)}.${base64url(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), createPrivateKey(otherKey.export({ type: 'pkcs8', format: 'pem' }))).toString('base64url')}`;
}
