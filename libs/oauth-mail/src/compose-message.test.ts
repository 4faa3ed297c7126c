import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mail } from '@isesim/domain';
import { composeMessage } from './compose-message.ts';
import { makeMail } from './test/bench.ts';
import { makeTestWorld } from './test/test-world.ts';

async function compose(change: Partial<Mail> = {}): Promise<string> {
  return (await composeMessage({ ...makeMail(), ...change }, makeTestWorld().work)).toString('utf8');
}

/** The names of the header fields, continuation lines left out. */
function fieldNames(message: string): string[] {
  const header = message.slice(0, message.indexOf('\r\n\r\n'));
  return header.split(/\r\n|\r|\n/).filter((line) => !/^[ \t]/.test(line)).map((line) => line.slice(0, line.indexOf(':')));
}

const usual = ['X-ISEsim-Node', 'From', 'To', 'Subject', 'Message-ID', 'Date', 'MIME-Version', 'Content-Type'];

test('a mail becomes a message with a plain and an HTML body', async () => {
  const message = await compose();
  expect(fieldNames(message)).toEqual(usual);
  expect(message).toContain('Message-ID: <n-1@ise-1.ise.example>\r\n');
  expect(message).toContain('Date: Mon, 02 Feb 2026 05:00:00 +0000\r\n');
  expect(message).toContain('X-ISEsim-Node: ise-1\r\n');
  expect(message).toMatch(/Content-Type: multipart\/alternative;\s+boundary="[^"]+"/);
  expect(message).toMatch(/Content-Type: text\/plain; charset=utf-8[^]*Hello[^]*Content-Type: text\/html; charset=utf-8[^]*<p>Hello<\/p>/);
});

test('the same mail gives the same bytes, another mail other boundaries', async () => {
  expect(await compose()).toBe(await compose());
  const boundary = (message: string) => /boundary="([^"]+)"/.exec(message)?.[1];
  const one = boundary(await compose());
  expect(boundary(await compose({ messageId: 'n-2@ise-1.ise.example' }))).not.toBe(one);
  expect(boundary(await compose({ text: `--${one}\r\n\r\nforged` })), 'also when a body knows the boundary').not.toBe(one);
});

test('no line break in any field makes another header', async () => {
  const lineBreak = fc.constantFrom('\r\n', '\n', '\r', '\r\n\r\n', '\u2028', '\u0085', '\0', ' \r\n ');
  const injected = fc
    .tuple(fc.string(), lineBreak, fc.constantFrom('Bcc: eve@evil.example', 'From: ceo@contoso.example', '', '.'), lineBreak, fc.string({ unit: 'grapheme' }))
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('subject', 'from', 'to', 'messageId', 'header'), injected, async (field, value) => {
      const change = field === 'to' ? { to: [value] } : field === 'header' ? { headers: { 'X-ISEsim-Node': value } } : { [field]: value };
      const names = fieldNames(await compose(change));
      expect(usual).toEqual(expect.arrayContaining(names));
      expect(new Set(names).size).toBe(names.length);
    }),
    { numRuns: 300 },
  );
});

test('an address is one address, whatever is in it', async () => {
  const message = await compose({ to: ['ana@guest.example, eve@evil.example', 'a, b <c@d.example>'] });
  const to = /^To: ((?:.|\r\n[ \t])*)/m.exec(message)?.[1] ?? '';
  expect(to.replace(/"[^"]*"/g, '').match(/@/g)).toHaveLength(2);
});

test('subjects beyond ASCII are encoded', async () => {
  expect(await compose({ subject: 'Ihr Gästekonto läuft ab' })).toMatch(/^Subject: =\?UTF-8\?Q\?Ihr_G=C3=A4stekonto/m);
});
