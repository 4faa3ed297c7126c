import { expect, it } from 'vitest';
import { oauthVersionsNeeded } from './oauth-version.ts';

it.each([
  ['3.5P1', undefined],
  ['3.2P8', undefined],
  ['3.6', undefined],
  ['4.0', undefined],
  ['3.5', ['3.5P1']],
  ['3.4P3', ['3.4P4']],
  ['3.1P9', ['3.2P8', '3.3P8', '3.4P4', '3.5P1']],
])('ISE %s needs for OAuth: %j', (version, needed) => {
  expect(oauthVersionsNeeded(version)).toEqual(needed);
});
