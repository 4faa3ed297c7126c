import type { Guest } from '@isesim/domain';
import { fieldList, paragraph, type Content } from './content.ts';
import type { DataOf } from './data-of.ts';
import { credentialBlocks, credentialsSubject, guestCredentialsData, validityData, visitData } from './guest.ts';
import { dateTime } from './time-text.ts';

// Subject and sentences are ours, they are not documented. ISE also offers links that approve and deny; the portals here
// have no web pages, so the mail names the page of the sponsor portal instead.
export function approvalRequest(data: DataOf<'approval-request'>): Content {
  return {
    subject: 'Guest Approval Request',
    blocks: [
      paragraph(`A guest has registered on the portal ${data.portal} and asks for approval.`),
      fieldList(
        ['Username', data.username],
        ['First Name', data.firstName],
        ['Last Name', data.lastName],
        ['Email Address', data.email],
        ['Mobile Number', data.mobileNumber],
        ['Guest Type', data.guestType],
        ['Valid From', data.validFrom],
        ['Valid To', data.validTo],
        ['Duration', data.duration],
        ['Person being visited', data.personBeingVisited],
        ['Reason for visit', data.reasonForVisit],
      ),
      paragraph('Please approve or deny the account in the sponsor portal under Pending Accounts.'),
    ],
  };
}

/** "Copy me" of the sponsor portal's Resend dialog: what the guest got. The first sentence is ours. */
export function sponsorCopy(data: DataOf<'sponsor-copy'>): Content {
  return {
    subject: credentialsSubject,
    blocks: [paragraph(`Copy of the mail to ${data.email}:`), ...credentialBlocks(data)],
  };
}

/**
 * "Send me a summary" of the same dialog. The fields are the columns of the portal's account list, which shows no
 * password; subject and sentence are ours, they are not documented.
 */
export function sponsorSummary(data: DataOf<'sponsor-summary'>): Content {
  return {
    subject: 'Guest Account Summary',
    blocks: [
      paragraph('The account details of this guest have been sent:'),
      fieldList(
        ['Username', data.username],
        ['State', data.state],
        ['First Name', data.firstName],
        ['Last Name', data.lastName],
        ['Email Address', data.email],
        ['Mobile Number', data.mobileNumber],
        ['Expiration Date', data.validTo],
      ),
    ],
  };
}

export function approvalRequestData(guest: Guest): DataOf<'approval-request'> {
  const { username, firstName, lastName, email, portal, type: guestType } = guest;
  return { username, firstName, lastName, email, guestType, portal, ...validityData(guest), ...visitData };
}

export function sponsorCopyData(guest: Guest): DataOf<'sponsor-copy'> {
  return { ...guestCredentialsData(guest), email: guest.email };
}

export function sponsorSummaryData(guest: Guest): DataOf<'sponsor-summary'> {
  const { username, state, firstName, lastName, email } = guest;
  return { username, state, firstName, lastName, email, mobileNumber: visitData.mobileNumber, validTo: dateTime(guest.validTo) };
}
