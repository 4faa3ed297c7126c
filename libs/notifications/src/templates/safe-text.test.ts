import { expect, test } from 'vitest';
import { headerAddress, singleLine, subjectCharactersMax, subjectLine } from './safe-text.ts';

test.each([
  { what: 'a line break', text: 'Ana\r\nBcc: eve@evil.example', line: 'Ana Bcc: eve@evil.example' },
  { what: 'NUL and escape', text: 'a\0b\x1b[31mc', line: 'a b [31mc' },
  { what: 'Unicode line ends', text: 'a\u2028b\u2029c\u0085d', line: 'a b c d' },
  { what: 'a right-to-left override', text: 'invoice\u202Efdp.exe', line: 'invoicefdp.exe' },
  { what: 'isolates and marks', text: '\u2066a\u2069\u200Eb\u200F\u061C', line: 'ab' },
  { what: 'half a surrogate pair', text: 'a\uD83Db', line: 'a\uFFFDb' },
  { what: 'a right-to-left name', text: 'דנה', line: 'דנה' },
  { what: 'an emoji of several parts', text: '👩‍💻', line: '👩‍💻' },
  { what: 'spaces of a password', text: 'a  b ', line: 'a  b ' },
  { what: 'nothing', text: '', line: '' },
])('$what: one line comes out, and what is harmless stays', ({ text, line }) => {
  expect(singleLine(text)).toBe(line);
});

test('a subject has single spaces and none at its ends', () => {
  expect(subjectLine(' ISE  Alarm :\tCritical :\r\n ')).toBe('ISE Alarm : Critical :');
});

test('a subject as long as allowed stays whole, a longer one is cut between characters', () => {
  const longest = '🔥'.repeat(subjectCharactersMax);

  expect(subjectLine(longest)).toBe(longest);
  expect(subjectLine(`${longest}🔥`)).toBe(`${'🔥'.repeat(subjectCharactersMax - 1)}…`);
});

test.each([
  { text: 'ana@guest.example', address: 'ana@guest.example' },
  { text: 'ana@guest.example\r\n.evil.example', address: 'ana@guest.example??.evil.example' },
  { text: 'ana@guest.example, eve@evil.example', address: 'ana@guest.example??eve?evil.example' },
  { text: 'Ana <eve@evil.example>', address: 'Ana??eve@evil.example?' },
  { text: 'ana', address: 'ana' },
  { text: '', address: '' },
  { text: 'a\u202E\0\uD800@guest.example', address: 'a???@guest.example' },
])('$address: an address stays one address, and a wrong one stays wrong', ({ text, address }) => {
  expect(headerAddress(text)).toBe(address);
});
