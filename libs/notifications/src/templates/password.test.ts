import { parseInstant } from '@isesim/domain';
import { expect, test } from 'vitest';
import {
  adminPasswordReminder,
  adminPasswordReminderData,
  userPasswordReminder,
  userPasswordReminderData,
} from './password.ts';
import { renderText } from './render-text.ts';

const expires = parseInstant('2026-03-06T00:00:00Z') ?? 0;

test('an administrator is reminded of the day on which the password expires', () => {
  const { subject, blocks } = adminPasswordReminder(adminPasswordReminderData('admin', expires, 30));
  const text = renderText(blocks);

  expect(subject).toBe('Your ISE Administrator Password Is About to Expire');
  expect(text).toContain('administrator account is going to expire in 30 days.\n');
  expect(text).toContain('\nAdministrator: admin\nPassword expires on: 2026-03-06 00:00:00\n');
});

test('an internal user is reminded too', () => {
  const { subject, blocks } = userPasswordReminder(userPasswordReminderData('jdoe', expires, 1));
  const text = renderText(blocks);

  expect(subject).toBe('Your Network Access Password Is About to Expire');
  expect(text).toContain('network access account is going to expire in 1 day.\n');
  expect(text).toContain('\nUsername: jdoe\nPassword expires on: 2026-03-06 00:00:00\n');
});

test('on the last day the reminder does not speak of 0 days', () => {
  expect(adminPasswordReminderData('admin', expires, 0).timeLeft).toBe('less than a day');
});
