import { join } from 'node:path';
import { bootDeployment, type TestDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let deployment: TestDeployment;
beforeAll(async () => {
  deployment = await bootDeployment(join(import.meta.dirname, '../../topology/medium.yaml'));
});
afterAll(() => deployment.stop());

describe('a node that is asked for what it is not', () => {
  it.each([{ how: 'created' as const }, { how: 'registered' as const }])('refuses at once, and names who can: a guest $how at a PAN', async ({ how }) => {
    const form = { node: 'ise-1', email: 'ana@guest.example' };
    const refused = how === 'created' ? deployment.createGuest(form) : deployment.selfRegister(form);

    await expect(refused).rejects.toMatchObject({
      name: 'Problem',
      kind: 'wrong input',
      code: 'not-its-persona',
      message: 'ise-1 is no PSN: portals are served by a PSN',
      remedy: expect.stringMatching(/^Use one of psn-1, psn-2/) as string,
    });
    expect(await deployment.mails({ to: form.email })).toEqual([]);
  });

  it('is no node at all', async () => {
    await expect(deployment.createGuest({ node: 'psn-99', email: 'ana@guest.example' })).rejects.toMatchObject({ kind: 'wrong input', message: 'there is no node "psn-99"' });
  });
});

const header = 'X-Injected: yes';
type GuestForm = Exclude<Parameters<TestDeployment['createGuest']>[0], string>;

describe('a guest form that is hostile', () => {
  it.each<{ what: string; form: Partial<GuestForm>; field: string; why: string }>([
    { what: 'a first name of two lines', form: { firstName: `Ana\r\n${header}` }, field: 'firstName', why: 'contains a line break or another control character' },
    { what: 'a last name with a bare line feed', form: { lastName: `Ruiz\n${header}` }, field: 'lastName', why: 'contains a line break or another control character' },
    { what: 'a first name with a Unicode line separator', form: { firstName: `Ana\u2028${header}` }, field: 'firstName', why: 'contains a line break or another control character' },
    { what: 'a first name with a NUL', form: { firstName: 'Ana\0' }, field: 'firstName', why: 'contains a line break or another control character' },
    { what: 'a first name of 10 kB', form: { firstName: 'A'.repeat(10_000) }, field: 'firstName', why: 'is longer than 256 characters' },
    { what: 'an address of two lines', form: { email: `ana@guest.example\r\n${header}` }, field: 'email', why: 'contains a line break or another control character' },
    { what: 'two addresses', form: { email: 'ana@guest.example,eve@guest.example' }, field: 'email', why: '"ana@guest.example,eve@guest.example" is not a mail address' },
    { what: 'an address with an SMTP parameter', form: { email: 'ana@guest.example> SIZE=1' }, field: 'email', why: '"ana@guest.example> SIZE=1" is not a mail address' },
    { what: 'no address', form: { email: '' }, field: 'email', why: '"" is not a mail address' },
  ])('is refused with its field: $what', async ({ form, field, why }) => {
    const before = await deployment.mails();

    await expect(deployment.createGuest({ email: 'ana@guest.example', ...form })).rejects.toMatchObject({ name: 'Problem', kind: 'wrong input', message: `${field}: ${why}` });
    expect(await deployment.mails()).toEqual(before);
  });

  const harmless: { what: string; firstName: string; lastName: string }[] = [
    { what: 'HTML', firstName: '<script>alert(1)</script>', lastName: '"><img src=x onerror=alert(1)>' },
    { what: 'right-to-left overrides', firstName: '\u202Etxt.exe\u202C', lastName: '\u2066Ruiz\u2069' },
    { what: 'letters of other scripts', firstName: 'Zoë 名前 😀', lastName: 'Ñandú' },
    { what: 'an encoded word', firstName: '=?utf-8?Q?=0D=0AX-Injected:_yes?=', lastName: 'Ruiz' },
    { what: 'the end of a message', firstName: '.', lastName: '.' },
    { what: '256 characters', firstName: 'A'.repeat(256), lastName: 'B'.repeat(256) },
    { what: 'nothing', firstName: '', lastName: '' },
  ];

  it.each(harmless)('is made harmless, and adds no header to the mail: $what', async ({ what, firstName, lastName }) => {
    const email = `${what.replace(/\W/g, '-')}@guest.example`;
    await deployment.createGuest({ email: 'plain@guest.example', firstName: 'Ana', lastName: 'Ruiz' });
    await deployment.createGuest({ email, firstName, lastName });
    const sources = await Promise.all(['plain@guest.example', email].map((to) => sourceOf(to)));
    const [plain, hostile] = sources as [string, string];

    expect(headerNames(hostile)).toEqual(headerNames(plain));
    const bodies = textParts(hostile);
    expect(bodies).toHaveLength(2);
    for (const body of bodies) expect(body).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    expect(bodies[1]).not.toMatch(/<script|<img/);
    if (what === 'HTML') expect(bodies[1]).toContain('&lt;script&gt;');
    if (what.startsWith('letters')) for (const body of bodies) expect(body).toContain('Zoë 名前 😀');
  });

  it('leaves everything as the node table says', async () => {
    await expect(deployment).toMatchNodeTable();
  });
});

async function sourceOf(to: string): Promise<string> {
  const mail = (await deployment.mails({ to })).at(-1);
  if (!mail) throw new RangeError(`no mail to ${to}`);
  return deployment.source(mail.id);
}

/** The names of a message's headers, in order; a folded line belongs to the one before. */
function headerNames(source: string): string[] {
  const [head = ''] = source.split('\r\n\r\n');
  return head.split('\r\n').filter((line) => !/^[ \t]/.test(line)).map((line) => line.split(':')[0] ?? '');
}

/** The text of each part, decoded. */
function textParts(source: string): string[] {
  const boundary = /boundary="([^"]+)"/.exec(source)?.[1] ?? '';
  const parts = source.split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => {
    const [head = '', ...body] = part.split('\r\n\r\n');
    return decode(body.join('\r\n\r\n'), /content-transfer-encoding: (\S+)/i.exec(head)?.[1] ?? '7bit');
  });
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
