import { expect, it } from 'vitest';
import { sameSettings } from './same-settings.ts';
import { Secret } from './secret.ts';

const page = (changes: object = {}, secret = 's') => ({ host: 'h', port: 587, authentication: { type: 'oauth', clientSecret: new Secret(secret) }, ...changes });

it.each([
  ['the same values', page(), true],
  ['another port', page({ port: 25 }), false],
  ['another secret', page({}, 't'), false],
  ['a text for the secret', page({ authentication: { type: 'oauth', clientSecret: '***' } }), false],
  ['one more field', page({ expiryDate: 1 }), false],
  ['a field that is there and undefined', page({ expiryDate: undefined }), true],
])('settings with %s', (_, other, same) => {
  expect(sameSettings(page(), other)).toBe(same);
  expect(sameSettings(other, page())).toBe(same);
});
