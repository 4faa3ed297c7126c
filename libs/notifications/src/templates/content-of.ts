import type { Template } from '@isesim/domain';
import { alarm } from './alarm.ts';
import type { Content } from './content.ts';
import { assertData, type DataOf } from './data-of.ts';
import { guestApproved, guestCredentials, guestDenied, guestExpiryNotice, passwordReset } from './guest.ts';
import { adminPasswordReminder, userPasswordReminder } from './password.ts';
import { portalTest } from './portal-test.ts';
import { approvalRequest, sponsorCopy, sponsorSummary } from './sponsor.ts';

/** What a mail of `template` says of `data`. */
export function contentOf<Name extends Template>(template: Name, data: Readonly<Record<string, string>>): Content {
  assertData(template, data);
  return contents[template](data);
}

const contents: { readonly [Name in Template]: (data: DataOf<Name>) => Content } = {
  'guest-credentials': guestCredentials,
  // ISE sends the same mail again.
  'guest-credentials-resent': guestCredentials,
  'approval-request': approvalRequest,
  'guest-approved': guestApproved,
  'guest-denied': guestDenied,
  'password-reset': passwordReset,
  'sponsor-copy': sponsorCopy,
  'sponsor-summary': sponsorSummary,
  'guest-expiry-notice': guestExpiryNotice,
  'admin-password-reminder': adminPasswordReminder,
  'user-password-reminder': userPasswordReminder,
  alarm,
  'portal-test': portalTest,
};
