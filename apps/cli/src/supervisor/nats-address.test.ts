import { expect, test } from 'vitest';
import { natsAddressFrom } from './nats-address.ts';

test.each([
  ['nats://nats.example:4333', {}, { url: 'nats://nats.example:4333' }],
  ['nats.example', {}, { url: 'nats://nats.example:4222' }],
  ['127.0.0.1:4333', {}, { url: 'nats://127.0.0.1:4333' }],
  ['nats://[::1]:4333', {}, { url: 'nats://[::1]:4333' }],
  [undefined, { ISESIM_NATS_URL: 'nats://isesim:p%40ss@nats.example' }, { url: 'nats://nats.example:4222', login: { user: 'isesim', pass: 'p@ss' } }],
  [undefined, { ISESIM_NATS_URL: 'nats://t0ken@nats.example' }, { url: 'nats://nats.example:4222', login: { token: 't0ken' } }],
  ['nats://nats.example', { ISESIM_NATS_URL: 'nats://other.example' }, { url: 'nats://nats.example:4222' }],
  [undefined, { ISESIM_NATS_URL: '' }, undefined],
  [undefined, {}, undefined],
])('--nats %j with %j is %j', (flag, env, address) => {
  expect(natsAddressFrom(flag, env)).toEqual(address);
});

test.each(['http://nats.example', 'tls://nats.example', 'nats://', 'nats://nats.example/jetstream', 'nats://a b'])('%s is no address of a nats-server', (flag) => {
  expect(() => natsAddressFrom(flag, {})).toThrow(expect.objectContaining({ code: 'nats-url', kind: 'wrong input' }) as Error);
});

test('a password on the command line is refused, and never shown again', () => {
  for (const flag of ['nats://isesim:hidden@nats.example', 'http://isesim:hidden@nats.example']) {
    expect(() => natsAddressFrom(flag, {})).toThrow(expect.objectContaining({ kind: 'wrong input', message: expect.not.stringContaining('hidden') as string }) as Error);
  }
});
