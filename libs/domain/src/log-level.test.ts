import { expect, test } from 'vitest';
import { logComponentOf, logLevelOf, type SetLogLevel } from './log-level.ts';

test.each([
  ['cpm.guestaccess.apiservices.util.SmtpSession', 'guestaccess'],
  ['cpm.guestaccess.apiservices.oauth.OauthTokenCache', 'guestaccess'],
  ['cpm.admin.guestaccess.action.SmtpServerSettingsAction', 'guest-access-admin'],
  ['isesim.mail', undefined],
])('the class %s belongs to the component %s', (logger, component) => {
  expect(logComponentOf(logger)).toBe(component);
});

test('a level is that of one component of one node, and INFO unless set', () => {
  const levels: SetLogLevel[] = [{ node: 'psn-1', component: 'guestaccess', level: 'DEBUG' }];

  expect(logLevelOf(levels, 'psn-1', 'guestaccess')).toBe('DEBUG');
  expect(logLevelOf(levels, 'psn-1', 'guest-access-admin')).toBe('INFO');
  expect(logLevelOf(levels, 'psn-1', undefined)).toBe('INFO');
  expect(logLevelOf(levels, 'psn-2', 'guestaccess')).toBe('INFO');
});
