import { dayMs, hourMs, parseInstant, type Guest } from '@isesim/domain';
import { expect, test } from 'vitest';
import {
  guestApproved,
  guestCredentials,
  guestCredentialsData,
  guestDenied,
  guestDeniedData,
  guestExpiryNotice,
  guestExpiryNoticeData,
  passwordReset,
  passwordResetData,
} from './guest.ts';
import { renderText } from './render-text.ts';

const validFrom = parseInstant('2026-02-02T10:25:00Z') ?? 0;
const ana: Guest = {
  id: 'g1',
  username: 't001',
  password: 'x7Kp&2',
  firstName: 'Ana',
  lastName: 'Lima',
  email: 'ana@guest.example',
  type: 'Contractor',
  portal: 'sponsor',
  sponsor: 'sponsoruser',
  state: 'Created',
  createdAt: validFrom,
  validFrom,
  validTo: validFrom + 90 * dayMs,
};

test('the credentials mail has the lines of the sample mail in the Cisco document', () => {
  const { subject, blocks } = guestCredentials(guestCredentialsData(ana));

  expect(subject).toBe('Your Guest Account Credentials');
  expect(renderText(blocks)).toBe(
    [
      'Hello Ana,',
      '',
      'Your guest account details:',
      '',
      'Username: t001',
      'Password: x7Kp&2',
      'First Name: Ana',
      'Last Name: Lima',
      'Mobile Number:',
      'Valid From: 2026-02-02 10:25:00',
      'Valid To: 2026-05-03 10:25:00',
      'Duration: 90 days',
      'Person being visited:',
      'Reason for visit:',
      'If unused, this account will expire on: 05/03/2026 10:25',
      '',
    ].join('\n'),
  );
});

test('a guest without a first name is greeted all the same', () => {
  const { blocks } = guestCredentials(guestCredentialsData({ ...ana, firstName: '' }));
  expect(renderText(blocks)).toMatch(/^Hello,\n/);
});

test('an approved guest is told so and gets the credentials', () => {
  const { blocks } = guestApproved(guestCredentialsData(ana));
  const text = renderText(blocks);

  expect(text).toMatch(/^Your request for guest access has been approved\.\n\nHello Ana,\n/);
  expect(text).toContain('\nPassword: x7Kp&2\n');
});

test('a denied guest is told why', () => {
  const { subject, blocks } = guestDenied(guestDeniedData(ana, 'Not expected'));

  expect(subject).toBe('Your Guest Access Request Was Denied');
  expect(renderText(blocks)).toContain('has been denied.\n\nReason: Not expected\n');
});

test('after a reset the mail carries the new password', () => {
  const { blocks } = passwordReset(passwordResetData({ ...ana, password: 'new-1' }));
  expect(renderText(blocks)).toContain('Username: t001\nPassword: new-1\nValid To: 2026-05-03 10:25:00\n');
});

test("the expiry notice is ISE's default text", () => {
  const { blocks } = guestExpiryNotice(guestExpiryNoticeData(ana, 3 * dayMs));

  expect(renderText(blocks)).toContain(
    'Your account is going to expire in 3 days. Please notify your sponsor to extend your account now to avoid any delays.\n',
  );
  expect(renderText(blocks)).toContain('Username: t001\nValid To: 2026-05-03 10:25:00\n');
});

test('the expiry notice names the lead time that there really is', () => {
  const { timeLeft } = guestExpiryNoticeData(ana, 12 * hourMs);
  expect(timeLeft).toBe('12 hours');
});
