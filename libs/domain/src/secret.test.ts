import { deserialize, serialize } from 'node:v8';
import { format, formatWithOptions, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

const secret = new Secret('hunter2');

test('a secret is revealed when asked', () => {
  expect(secret.reveal()).toBe('hunter2');
});

test.each<{ way: string; shown: () => unknown }>([
  { way: 'a string template', shown: () => `${String(secret)} ${[secret].join()}` },
  { way: 'adding to a string', shown: () => '' + (secret as unknown as string) },
  { way: 'toString and toLocaleString', shown: () => secret.toString() + secret.toLocaleString() },
  { way: 'valueOf', shown: () => inspect(secret.valueOf()) },
  { way: 'JSON', shown: () => JSON.stringify({ secret, list: [secret] }) },
  { way: 'inspect', shown: () => inspect({ secret, list: [secret], map: new Map([[secret, secret]]) }) },
  { way: 'inspect with everything on', shown: () => inspect(secret, { showHidden: true, getters: true, depth: null }) },
  { way: 'inspect without the class having its say', shown: () => inspect(secret, { showHidden: true, customInspect: false, showProxy: true }) },
  ...['%s', '%o', '%O', '%j', '%d', '%i', '%f', '%c', '', 'x'].map((form) => ({ way: `util.format ${form}`, shown: () => format(form, secret) })),
  { way: 'util.formatWithOptions', shown: () => formatWithOptions({ customInspect: false, showHidden: true }, '%O', { secret }) },
  { way: 'an error message', shown: () => new Error(`refused: ${String(secret)}`).stack },
  { way: 'the cause of an error', shown: () => inspect(new Error('refused', { cause: secret })) },
  { way: 'a field of the cause of an error', shown: () => inspect(new Error('refused', { cause: { settings: { secret } } }), { depth: null }) },
  { way: 'a field of an error', shown: () => inspect(Object.assign(new Error('refused'), { secret })) },
  { way: 'structuredClone', shown: () => inspect(structuredClone({ secret }), { showHidden: true, customInspect: false }) },
  { way: 'v8 serialization', shown: () => serialize({ secret }).toString('latin1') + inspect(deserialize(serialize({ secret }))) },
  { way: 'its own keys and entries', shown: () => JSON.stringify([Reflect.ownKeys(secret), Object.entries(secret), Object.getOwnPropertyDescriptors(secret)]) },
  { way: 'a spread', shown: () => inspect({ ...secret }, { showHidden: true }) },
  { way: 'Object.assign', shown: () => inspect(Object.assign({}, secret)) },
])('a secret does not show by $way', ({ shown }) => {
  expect(shown()).not.toContain('hunter2');
});

test('what shows instead is a mask', () => {
  expect([String(secret), JSON.stringify(secret), inspect(secret), format('%s %o %j', secret, secret, secret)]).toEqual(['***', '"***"', '***', '*** *** "***"']);
});

test('secrets are compared without being shown', () => {
  expect(secret.equals(new Secret('hunter2'))).toBe(true);
  expect(secret.equals(new Secret('hunter3'))).toBe(false);
});

test('a secret masks itself in a text and has a hint, unless it is so short that it would show or hide too much', () => {
  expect([new Secret('s3cr3t-value').maskIn('a s3cr3t-value b s3cr3t-value'), new Secret('s3cr3t-value').hint]).toEqual(['a *** b ***', 's3c']);
  expect([new Secret('ab').maskIn('ab cabin'), new Secret('ab').hint]).toEqual(['ab cabin', null]);
});
