import type { HeldConfiguration } from '@isesim/domain';
import { expect, test } from 'vitest';
import { fromAddress } from './from-address.ts';

const days = { lifetimeDays: 45, reminderDays: 30 };
const held = (useSponsorAddress: boolean, remindersFrom?: string): HeldConfiguration => ({
  revision: 12,
  epoch: 1,
  primaryPan: 'ise-1',
  pages: {
    'guest-email': { enabled: true, from: 'guests@contoso.example', useSponsorAddress },
    'alarm-notification': { from: 'alarms@contoso.example', additionalRecipients: [], clientSecretDays: [90, 60, 30], clientSecretDaily: true },
    'password-policy': { administrators: days, internalUsers: days, reminders: 'once', from: remindersFrom },
    sponsors: { sponsors: [{ name: 'reception', email: 'reception@contoso.example', group: 'ALL_ACCOUNTS' }] },
  },
  writtenAt: {},
});

test.each([
  { what: 'a sponsored guest', purpose: 'portal-notification', sponsor: 'reception', useSponsorAddress: true, from: 'reception@contoso.example' },
  { what: "a sponsored guest's notice of expiry", purpose: 'guest-expiry', sponsor: 'reception', useSponsorAddress: true, from: 'reception@contoso.example' },
  { what: 'a sponsored guest, unless the sponsor is to be named', purpose: 'portal-notification', sponsor: 'reception', useSponsorAddress: false, from: 'guests@contoso.example' },
  { what: 'a guest who registered', purpose: 'portal-notification', sponsor: undefined, useSponsorAddress: true, from: 'guests@contoso.example' },
  { what: 'a guest whose sponsor is there no more', purpose: 'guest-expiry', sponsor: 'former', useSponsorAddress: true, from: 'guests@contoso.example' },
  { what: 'whose password expires', purpose: 'password-expiry', sponsor: undefined, useSponsorAddress: true, from: 'guests@contoso.example' },
  { what: 'who tests a portal', purpose: 'portal-test', sponsor: undefined, useSponsorAddress: true, from: 'guests@contoso.example' },
  { what: 'who is alarmed', purpose: 'alarm', sponsor: undefined, useSponsorAddress: true, from: 'alarms@contoso.example' },
] as const)('mail to $what is from $from', ({ purpose, sponsor, useSponsorAddress, from }) => {
  expect(fromAddress({ purpose, ...(sponsor && { sponsor }) }, held(useSponsorAddress))).toBe(from);
});

test('a reminder of a password is from the address that the password policy names, and nothing else is', () => {
  const named = held(true, 'passwords@contoso.example');
  expect(fromAddress({ purpose: 'password-expiry' }, named)).toBe('passwords@contoso.example');
  expect(fromAddress({ purpose: 'portal-test' }, named)).toBe('guests@contoso.example');
});
