import { purposeOf, templates, type Mail, type Notification, type Template } from '@isesim/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { composeMail } from './compose.ts';
import { dataOf } from './templates/data-of.ts';

const sender = { from: 'no-reply@contoso.onmicrosoft.com', node: 'psn-1', domain: 'ise.example' };
const templateNames = Object.keys(templates) as Template[];

/** A notification of `template` whose every field has the value that `valueOf` gives it. */
function notificationOf(template: Template, valueOf: (field: string) => string): Notification {
  return {
    id: `${template}-1`,
    purpose: purposeOf(template),
    template,
    to: ['ana@guest.example'],
    data: Object.fromEntries(dataOf[template].map((field) => [field, valueOf(field)])),
    traceId: 'trace-1',
    at: 1_770_000_000_000,
  };
}

function headerValues({ messageId, from, to, subject, headers }: Mail): string[] {
  return [messageId, from, ...to, subject, ...Object.values(headers)];
}

function tagsOf(html: string): string[] {
  return html.match(/<[^>]*>?/g) ?? [];
}

test('a mail carries the id, time and claims of its notification', () => {
  const mail = composeMail(notificationOf('guest-credentials', (field) => field), sender);

  expect(mail).toMatchObject({
    messageId: 'guest-credentials-1@ise.example',
    from: 'no-reply@contoso.onmicrosoft.com',
    to: ['ana@guest.example'],
    subject: 'Your Guest Account Credentials',
    date: 1_770_000_000_000,
    headers: {
      'X-ISEsim-Node': 'psn-1',
      'X-ISEsim-Purpose': 'portal-notification',
      'X-ISEsim-Template': 'guest-credentials',
      'X-ISEsim-Trace': 'trace-1',
    },
  });
  expect(mail.text).toContain('Username: username\n');
  expect(mail.html).toContain('>username</td>');
});

test('an alarm is one mail to all its recipients', () => {
  const to = ['admin@contoso.example', 'ops@contoso.example'];
  expect(composeMail({ ...notificationOf('alarm', (field) => field), to }, sender).to).toEqual(to);
});

test('composing again gives the same mail, so that a repeated attempt sends no other one', () => {
  const notification = notificationOf('alarm', (field) => field);
  expect(composeMail(notification, sender)).toEqual(composeMail(notification, sender));
});

test.each(templateNames)('every data field of %s shows in its text and HTML', (template) => {
  const { text, html } = composeMail(notificationOf(template, (field) => `«${field}»`), sender);

  for (const field of dataOf[template]) {
    expect(text).toContain(`«${field}»`);
    expect(html).toContain(`«${field}»`);
  }
});

test.each(templateNames)('a %s without one of its data fields is refused by name, and no value is shown', (template) => {
  for (const field of dataOf[template]) {
    const notification = notificationOf(template, () => 'p4ssword');
    const { [field]: _, ...data } = notification.data;
    const compose = (): Mail => composeMail({ ...notification, data }, sender);

    expect(compose).toThrow(RangeError);
    expect(compose).toThrow(`a ${template} mail lacks the data ${field}; it needs ${dataOf[template].join(', ')}`);
  }
});

test.each([
  { what: 'a header of its own', value: 'Ana\r\nBcc: eve@evil.example', text: 'Ana Bcc: eve@evil.example' },
  { what: 'a second field', value: 'Ana\nPassword: other', text: 'Ana Password: other' },
  { what: 'a script', value: '<script>alert(1)</script>', text: '<script>alert(1)</script>' },
  { what: 'an attribute', value: '" onload="x', text: '" onload="x' },
  { what: 'right-to-left marks', value: '\u202Ecod.exe\u2069\u200F', text: 'cod.exe' },
  { what: 'a 10 kB name', value: 'n'.repeat(10_240), text: 'n'.repeat(10_240) },
  { what: 'nothing', value: '', text: '' },
  { what: 'an emoji', value: '👩‍💻', text: '👩‍💻' },
  { what: 'NUL', value: 'a\0b', text: 'a b' },
])('data that brings $what changes nothing but its own value', ({ value, text }) => {
  const hostile = composeMail(notificationOf('alarm', (field) => (field === 'name' ? value : field)), sender);
  const harmless = composeMail(notificationOf('alarm', (field) => field), sender);

  expect(hostile.text).toBe(harmless.text.replace('Alarm Name: name', () => `Alarm Name: ${text}`.trimEnd()));
  expect(tagsOf(hostile.html)).toEqual(tagsOf(harmless.html));
  expect(hostile.subject).toMatch(/^ISE Alarm : severity :/);
  expect(hostile.subject.length).toBeLessThanOrEqual(200);
});

test('a recipient that smuggles a second one stays one recipient', () => {
  const to = ['ana@guest.example, eve@evil.example'];
  const mail = composeMail({ ...notificationOf('alarm', (field) => field), to }, sender);

  expect(mail.to).toEqual(['ana@guest.example??eve?evil.example']);
});

const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom('\r', '\n', '\0', '<', '>', '&', '"', "'", '\u202E', '\u2066', '\u200F', '\uD800', 'a', ' ')).map((parts) => parts.join('')),
);

test('whatever the data: no header value has a control character, and the HTML has no tag but its own', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...templateNames),
      fc.infiniteStream(hostileText),
      fc.record({ to: hostileText, from: hostileText, node: hostileText, domain: hostileText, traceId: hostileText }),
      (template, values, { to, traceId, ...hostileSender }) => {
        const notification = notificationOf(template, () => values.next().value);
        const mail = composeMail({ ...notification, to: [to], traceId }, hostileSender);
        const harmless = composeMail(notificationOf(template, (field) => field), sender);

        for (const value of headerValues(mail)) expect(value).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u);
        expect([...mail.subject].length).toBeLessThanOrEqual(200);
        expect(tagsOf(mail.html)).toEqual(tagsOf(harmless.html));
        expect(mail.text.split('\n').length).toBe(harmless.text.split('\n').length);
      },
    ),
    { numRuns: 500 },
  );
});
