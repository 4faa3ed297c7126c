import { expect, test } from 'vitest';
import { smtpPageText } from './smtp-page-text.ts';

const lastLine = (text: string) => text.split('\n').at(-1);

test('a page that nobody has filled in says that no SMTP server is configured', () => {
  const empty = { host: '', port: 25 };

  expect(lastLine(smtpPageText({ saved: empty, draft: empty, state: 'saved' }))).toMatch(/^The SMTP server is not configured\./);
});

test('a page that is saved says so', () => {
  const page = { host: 'smtp.office365.com', port: 587 };

  expect(smtpPageText({ saved: page, draft: page, state: 'saved' })).toBe('host  smtp.office365.com\nport  587\n\nThe page is saved.');
});
