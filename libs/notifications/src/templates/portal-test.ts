import { fieldList, paragraph, type Content } from './content.ts';
import type { DataOf } from './data-of.ts';
import { credentialsSubject, greeting } from './guest.ts';

/** "Send test email" of a portal page: the credentials mail with sample values, as the sample in Cisco document 225520 shows it. */
export function portalTest(data: DataOf<'portal-test'>): Content {
  return {
    subject: credentialsSubject,
    blocks: [
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
        ['Person being visited', data.personBeingVisited],
        ['Reason for visit', data.reasonForVisit],
      ),
    ],
  };
}

/** The portal is told to whoever reads the notification; the mail does not name it. */
export function portalTestData(portal: string): DataOf<'portal-test'> & { readonly portal: string } {
  return { portal, ...sampleGuest };
}

// The values in the sample of ISE's test mail (Cisco document 225520).
const sampleGuest = {
  username: 'username',
  password: 'password',
  firstName: 'firstname',
  lastName: 'lastname',
  mobileNumber: 'NA',
  validFrom: '2014-11-12 02:06:00',
  validTo: '2016-11-12 02:06:00',
  personBeingVisited: '',
  reasonForVisit: '',
} as const;
