import { expect, test } from 'vitest';
import { dnsName } from './dns-name.ts';

test.each(['smtp.office365.com', 'SMTP.Office365.com', 'smtp.office365.com.', 'Smtp.office365.COM.'])('%s is smtp.office365.com', (written) => {
  expect(dnsName(written)).toBe('smtp.office365.com');
});
