import { expect, test } from 'vitest';
import { portalTest, portalTestData } from './portal-test.ts';
import { renderText } from './render-text.ts';

test("a portal's test mail is the sample of the Cisco document, to the letter", () => {
  const { subject, blocks } = portalTest(portalTestData('self-registered'));

  expect(subject).toBe('Your Guest Account Credentials');
  expect(renderText(blocks)).toBe(
    [
      'Hello firstname,',
      '',
      'Your guest account details:',
      '',
      'Username: username',
      'Password: password',
      'First Name: firstname',
      'Last Name: lastname',
      'Mobile Number:NA',
      'Valid From: 2014-11-12 02:06:00',
      'Valid To: 2016-11-12 02:06:00',
      'Person being visited:',
      'Reason for visit:',
      '',
    ].join('\n'),
  );
});
