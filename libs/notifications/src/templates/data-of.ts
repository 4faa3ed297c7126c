import type { Template } from '@isesim/domain';

// The fields that ISE's credentials mail shows (sample mails in Cisco document 225520).
const credentials = [
  'username',
  'password',
  'firstName',
  'lastName',
  'mobileNumber',
  'validFrom',
  'validTo',
  'duration',
  'personBeingVisited',
  'reasonForVisit',
  'unusedExpiresOn',
] as const;

/** Which data each template needs, as text ready to show. A field may be empty; more fields than these do no harm. */
export const dataOf = {
  'guest-credentials': credentials,
  'guest-credentials-resent': credentials,
  'approval-request': [
    'username',
    'firstName',
    'lastName',
    'email',
    'mobileNumber',
    'guestType',
    'portal',
    'validFrom',
    'validTo',
    'duration',
    'personBeingVisited',
    'reasonForVisit',
  ],
  'guest-approved': credentials,
  'guest-denied': ['firstName', 'reason'],
  'password-reset': ['firstName', 'username', 'password', 'validTo'],
  'sponsor-copy': [...credentials, 'email'],
  'sponsor-summary': ['username', 'state', 'firstName', 'lastName', 'email', 'mobileNumber', 'validTo'],
  'guest-expiry-notice': ['username', 'timeLeft', 'validTo'],
  'admin-password-reminder': ['name', 'timeLeft', 'expiresOn'],
  'user-password-reminder': ['name', 'timeLeft', 'expiresOn'],
  alarm: ['name', 'details', 'description', 'severity', 'suggestedAction', 'node'],
  'portal-test': [
    'username',
    'password',
    'firstName',
    'lastName',
    'mobileNumber',
    'validFrom',
    'validTo',
    'personBeingVisited',
    'reasonForVisit',
  ],
} as const satisfies Record<Template, readonly string[]>;

/** The data of one template. */
export type DataOf<Name extends Template> = Readonly<Record<(typeof dataOf)[Name][number], string>>;

/** Missing data is a defect of whoever made the notification; the values stay out of the message: passwords are among them. */
export function assertData<Name extends Template>(
  template: Name,
  data: Readonly<Record<string, string>>,
): asserts data is DataOf<Name> {
  const missing = dataOf[template].filter((field) => typeof data[field] !== 'string');
  if (missing.length === 0) return;
  throw new RangeError(`a ${template} mail lacks the data ${missing.join(', ')}; it needs ${dataOf[template].join(', ')}`);
}
