import { expect, test } from 'vitest';
import { formatReply, replyOf } from './reply-of.ts';

test.each([
  ['250 2.0.0 OK <id> [Hostname=A.B]', { code: 250, enhanced: '2.0.0', text: 'OK <id> [Hostname=A.B]' }],
  ['554 Transaction failed', { code: 554, text: 'Transaction failed' }],
  ['250-mail.example Hello\r\n250-SIZE 1000\r\n250 AUTH XOAUTH2', { code: 250, text: 'mail.example Hello SIZE 1000 AUTH XOAUTH2' }],
  ['550-5.7.1 Not\r\n550 5.7.1 allowed', { code: 550, enhanced: '5.7.1', text: 'Not allowed' }],
  ['451', { code: 451, text: '' }],
  ['no reply', undefined],
  ['', undefined],
])('%j', (response, reply) => {
  expect(replyOf(response)).toEqual(reply);
});

test('a reply is shown as it came', () => {
  expect(formatReply({ code: 535, enhanced: '5.7.3', text: 'Authentication unsuccessful' })).toBe('535 5.7.3 Authentication unsuccessful');
});
