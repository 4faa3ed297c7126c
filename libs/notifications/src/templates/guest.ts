import type { Guest } from '@isesim/domain';
import { fieldList, paragraph, type Block, type Content } from './content.ts';
import type { DataOf } from './data-of.ts';
import { dateTime, durationInWords, monthFirstDateTime } from './time-text.ts';

/** Subject of ISE's credentials mail, of its copy to the sponsor and of the portal's test mail (Cisco document 225520). */
export const credentialsSubject = 'Your Guest Account Credentials';

export function guestCredentials(data: DataOf<'guest-credentials'>): Content {
  return { subject: credentialsSubject, blocks: credentialBlocks(data) };
}

// That approval brings the credentials is Cisco's; the first sentence is ours, its wording is not documented.
export function guestApproved(data: DataOf<'guest-approved'>): Content {
  return {
    subject: credentialsSubject,
    blocks: [paragraph('Your request for guest access has been approved.'), ...credentialBlocks(data)],
  };
}

// Ours: Cisco documents neither subject nor text.
export function guestDenied({ firstName, reason }: DataOf<'guest-denied'>): Content {
  return {
    subject: 'Your Guest Access Request Was Denied',
    blocks: [greeting(firstName), paragraph('Your request for guest access has been denied.'), fieldList(['Reason', reason])],
  };
}

// Ours: Cisco documents neither subject nor text.
export function passwordReset({ firstName, username, password, validTo }: DataOf<'password-reset'>): Content {
  return {
    subject: 'Your Guest Account Password Was Reset',
    blocks: [
      greeting(firstName),
      paragraph('The password of your guest account has been reset.'),
      fieldList(['Username', username], ['Password', password], ['Valid To', validTo]),
    ],
  };
}

// The sentences are ISE's default text of a guest type's notice; subject and fields are ours, they are not documented.
export function guestExpiryNotice({ username, timeLeft, validTo }: DataOf<'guest-expiry-notice'>): Content {
  return {
    subject: 'Your Guest Account Is About to Expire',
    blocks: [
      paragraph(
        `Your account is going to expire in ${timeLeft}. Please notify your sponsor to extend your account now to avoid any delays.`,
      ),
      fieldList(['Username', username], ['Valid To', validTo]),
    ],
  };
}

/** The body of the credentials mail, as the sample mails in Cisco document 225520 show it. */
export function credentialBlocks(data: DataOf<'guest-credentials'>): Block[] {
  return [
    greeting(data.firstName),
    paragraph('Your guest account details:'),
    fieldList(
      ['Username', data.username],
      ['Password', data.password],
      ['First Name', data.firstName],
      ['Last Name', data.lastName],
      ['Mobile Number', data.mobileNumber],
      ['Valid From', data.validFrom],
      ['Valid To', data.validTo],
      ['Duration', data.duration],
      ['Person being visited', data.personBeingVisited],
      ['Reason for visit', data.reasonForVisit],
      ['If unused, this account will expire on', data.unusedExpiresOn],
    ),
  ];
}

export function greeting(firstName: string): Block {
  return paragraph(firstName === '' ? 'Hello,' : `Hello ${firstName},`);
}

/** For guest-credentials, guest-credentials-resent and guest-approved. */
export function guestCredentialsData(guest: Guest): DataOf<'guest-credentials'> {
  return {
    username: guest.username,
    password: guest.password,
    firstName: guest.firstName,
    lastName: guest.lastName,
    ...validityData(guest),
    ...visitData,
    unusedExpiresOn: monthFirstDateTime(guest.validTo),
  };
}

export function guestDeniedData(guest: Guest, reason: string): DataOf<'guest-denied'> {
  return { firstName: guest.firstName, reason };
}

/** Call it with the guest as it is after the reset: the mail tells the new password. */
export function passwordResetData(guest: Guest): DataOf<'password-reset'> {
  const { firstName, username, password } = guest;
  return { firstName, username, password, validTo: dateTime(guest.validTo) };
}

/** `beforeMs` is what is left of the validity when the notice is due. */
export function guestExpiryNoticeData(guest: Guest, beforeMs: number): DataOf<'guest-expiry-notice'> {
  return { username: guest.username, timeLeft: durationInWords(beforeMs), validTo: dateTime(guest.validTo) };
}

export function validityData({ validFrom, validTo }: Pick<Guest, 'validFrom' | 'validTo'>) {
  return { validFrom: dateTime(validFrom), validTo: dateTime(validTo), duration: durationInWords(validTo - validFrom) };
}

// ISE shows these lines in every credentials mail; our guests have no such data, so they stay empty.
export const visitData = { mobileNumber: '', personBeingVisited: '', reasonForVisit: '' } as const;
