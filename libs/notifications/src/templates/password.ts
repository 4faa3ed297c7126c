import type { Instant } from '@isesim/domain';
import { fieldList, paragraph, type Content } from './content.ts';
import type { DataOf } from './data-of.ts';
import { dateTime, daysInWords } from './time-text.ts';

// Subjects and texts are ours: that ISE sends these reminders is documented, what they say is not.

export function adminPasswordReminder({ name, timeLeft, expiresOn }: DataOf<'admin-password-reminder'>): Content {
  return {
    subject: 'Your ISE Administrator Password Is About to Expire',
    blocks: [
      paragraph(`The password of your Cisco ISE administrator account is going to expire in ${timeLeft}.`),
      fieldList(['Administrator', name], ['Password expires on', expiresOn]),
      paragraph('Please change it in the Cisco ISE administration portal before it expires.'),
    ],
  };
}

export function userPasswordReminder({ name, timeLeft, expiresOn }: DataOf<'user-password-reminder'>): Content {
  return {
    subject: 'Your Network Access Password Is About to Expire',
    blocks: [
      paragraph(`The password of your network access account is going to expire in ${timeLeft}.`),
      fieldList(['Username', name], ['Password expires on', expiresOn]),
      paragraph('Please change it before it expires.'),
    ],
  };
}

export function adminPasswordReminderData(
  name: string,
  expires: Instant,
  daysLeft: number,
): DataOf<'admin-password-reminder'> {
  return { name, timeLeft: daysInWords(daysLeft), expiresOn: dateTime(expires) };
}

export function userPasswordReminderData(
  name: string,
  expires: Instant,
  daysLeft: number,
): DataOf<'user-password-reminder'> {
  return { name, timeLeft: daysInWords(daysLeft), expiresOn: dateTime(expires) };
}
