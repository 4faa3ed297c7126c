import { dayMs, parseInstant, type Guest } from '@isesim/domain';
import { expect, test } from 'vitest';
import { guestCredentials, guestCredentialsData } from './guest.ts';
import { renderText } from './render-text.ts';
import {
  approvalRequest,
  approvalRequestData,
  sponsorCopy,
  sponsorCopyData,
  sponsorSummary,
  sponsorSummaryData,
} from './sponsor.ts';

const validFrom = parseInstant('2026-02-02T10:25:00Z') ?? 0;
const bo: Guest = {
  id: 'g2',
  username: 'bo01',
  password: 's3cret!',
  firstName: 'Bo',
  lastName: 'Ek',
  email: 'bo@guest.example',
  type: 'Daily',
  portal: 'self-registered',
  state: 'Pending Approval',
  createdAt: validFrom,
  validFrom,
  validTo: validFrom + dayMs,
};

test('the approval request says who asks, where and for how long, and keeps the password to itself', () => {
  const { subject, blocks } = approvalRequest(approvalRequestData(bo));
  const text = renderText(blocks);

  expect(subject).toBe('Guest Approval Request');
  expect(text).toMatch(/^A guest has registered on the portal self-registered and asks for approval\.\n/);
  expect(text).toContain('\nUsername: bo01\nFirst Name: Bo\nLast Name: Ek\nEmail Address: bo@guest.example\n');
  expect(text).toContain('\nGuest Type: Daily\nValid From: 2026-02-02 10:25:00\nValid To: 2026-02-03 10:25:00\nDuration: 1 day\n');
  expect(text).toContain('\nPlease approve or deny the account in the sponsor portal under Pending Accounts.\n');
  expect(text).not.toContain('s3cret!');
});

test("a sponsor's copy is the guest's mail, with the guest's address above it", () => {
  const guestsMail = guestCredentials(guestCredentialsData(bo));
  const copy = sponsorCopy(sponsorCopyData(bo));

  expect(copy.subject).toBe(guestsMail.subject);
  expect(renderText(copy.blocks)).toBe(`Copy of the mail to bo@guest.example:\n\n${renderText(guestsMail.blocks)}`);
});

test("a sponsor's summary has the columns of the account list and no password", () => {
  const { subject, blocks } = sponsorSummary(sponsorSummaryData(bo));

  expect(subject).toBe('Guest Account Summary');
  expect(renderText(blocks)).toBe(
    [
      'The account details of this guest have been sent:',
      '',
      'Username: bo01',
      'State: Pending Approval',
      'First Name: Bo',
      'Last Name: Ek',
      'Email Address: bo@guest.example',
      'Mobile Number:',
      'Expiration Date: 2026-02-03 10:25:00',
      '',
    ].join('\n'),
  );
});
