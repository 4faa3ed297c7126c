import { expect, test } from 'vitest';
import { mailId } from './mail-record.ts';

test('the id of a mail follows from its Message-ID alone', () => {
  expect(mailId('guest-credentials-ana@ise.example')).toBe(mailId('guest-credentials-ana@ise.example'));
  expect(mailId('guest-credentials-ana@ise.example')).toMatchInlineSnapshot(`"8806d876d193"`);
  expect(mailId('guest-credentials-ben@ise.example')).not.toBe(mailId('guest-credentials-ana@ise.example'));
});

test('an id is twelve letters and digits, whatever the Message-ID: it can stand in a subject, a path or a command line', () => {
  for (const messageId of ['', 'a@b', '../../etc@passwd', 'ä ö.*>@ü', 'x'.repeat(10_000)]) expect(mailId(messageId)).toMatch(/^[0-9a-f]{12}$/);
});
