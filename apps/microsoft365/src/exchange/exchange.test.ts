import { mailId } from '@isesim/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sharedWorld } from '../fixtures/shared-world.ts';
import { applicationObjectId, clientId, enterpriseObjectId, mailbox, message, type SmtpClient, wellMadeTenant, xoauth2 } from '../test-world.ts';

const frontEnd = 'AM0PR02CA0134.eurprd02.prod.outlook.com';
const backEnd = '[Hostname=AM0PR02MB4132.eurprd02.prod.outlook.com]';
const session = /[0-9A-F]{16}/.source;

/** A reply signed by the front end: `[HOST TIME ID]`. */
function byFrontEnd(text: string): unknown {
  const time = new Date(world.clock.now()).toISOString();
  return expect.stringMatching(new RegExp(`^${literally(`${text} [${frontEnd} ${time} `)}${session}\\]$`));
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

const world = sharedWorld();

describe('a submission', () => {
  test('goes word for word as with Exchange Online', async () => {
    const client = await world.dial();
    expect(client.greeting).toMatch(
      new RegExp(`^220 AM0PR02CA0134\\.outlook\\.office365\\.com Microsoft ESMTP MAIL Service ready at Mon, 02 Feb 2026 05:00:00 \\+0000 \\[${session}\\]$`),
    );
    const hello = (offer: string) =>
      [
        '250-AM0PR02CA0134.outlook.office365.com Hello [127.0.0.5]',
        '250-SIZE 157286400',
        '250-PIPELINING',
        '250-DSN',
        '250-ENHANCEDSTATUSCODES',
        `250-${offer}`,
        '250-8BITMIME',
        '250-BINARYMIME',
        '250-CHUNKING',
        '250 SMTPUTF8',
      ].join('\r\n');
    expect(await client.say('EHLO ise-1.ise.example')).toBe(hello('STARTTLS'));
    expect(await client.say('STARTTLS')).toBe('220 2.0.0 SMTP server ready');
    await client.secure();
    expect(await client.say('EHLO ise-1.ise.example')).toBe(hello('AUTH LOGIN XOAUTH2'));
    expect(await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, await world.token())}`)).toBe('235 2.7.0 Authentication successful');
    expect(await client.say(`MAIL FROM:<${mailbox}> SIZE=1000 BODY=8BITMIME`)).toBe('250 2.1.0 Sender OK');
    expect(await client.say('RCPT TO:<ana@guest.example> NOTIFY=NEVER')).toBe('250 2.1.5 Recipient OK');
    expect(await client.say('DATA')).toBe('354 Start mail input; end with <CRLF>.<CRLF>');
    expect(await client.say(`${message()}.`)).toBe(`250 2.0.0 OK <one@ise.example> ${backEnd}`);
    expect(await client.say('NOOP')).toBe('250 2.0.0 OK');
    expect(await client.say('QUIT')).toBe('221 2.0.0 Service closing transmission channel');
  });

  test('may answer a bare 334 with the credentials', async () => {
    const client = await world.dialTls();
    expect(await client.say('auth xoauth2')).toBe('334');
    expect(await client.say(xoauth2(mailbox.toUpperCase(), await world.token()))).toMatch(/^235 /);
    expect(await client.say('AUTH XOAUTH2 x')).toEqual(byFrontEnd('503 5.5.2 Already authenticated'));
  });

  test('has an id of its own, which signs its replies, also among those of one instant', async () => {
    const ids: (string | undefined)[] = [];
    for (let count = 0; count < 3; count += 1) {
      const client = await world.dial();
      const [, id = ''] = /\[([0-9A-F]{16})\]$/.exec(client.greeting) ?? [];
      expect(await client.say('DATA')).toMatch(new RegExp(` ${id}\\]$`));
      ids.push(id);
      await client.close();
    }
    expect(new Set(ids).size).toBe(3);
  });

  test('is greeted without any wait', async () => {
    // smtp-server alone would make each wait 100 ms: 2 s for these.
    const started = performance.now();
    for (let count = 0; count < 20; count += 1) await (await world.dial()).close();
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('survives the end of its token, as nothing is checked again', async () => {
    const client = await world.dialIn();
    world.clock.advance(7_200_000);
    expect(await client.send()).toMatch(/^250 2\.0\.0 OK/);
    expect(await client.send(message({ 'Message-ID': '<two@ise.example>' }))).toMatch(/^250 2\.0\.0 OK/);
  });
});

describe('a refusal at AUTH', () => {
  const unauthenticated = '535 5.7.3 Authentication unsuccessful';
  const application = () => wellMadeTenant().applications[0] ?? expect.unreachable();
  const box = () => wellMadeTenant().mailboxes[0] ?? expect.unreachable();

  async function authenticate(form: Record<string, string> = {}, user = mailbox): Promise<string> {
    const client = await world.dialTls();
    const reply = await client.say(`AUTH XOAUTH2 ${xoauth2(user, await world.token(form))}`);
    expect(await client.say(`MAIL FROM:<${mailbox}>`)).toMatch(reply.startsWith('235') ? /^250/ : /^530 5\.7\.57/);
    await client.close();
    return reply;
  }

  test('without the role: no permission, no consent, a token for Graph', async () => {
    world.change(() => ({ applications: [{ ...application(), permissions: ['IMAP.AccessAsApp'] }] }));
    expect(await authenticate()).toEqual(byFrontEnd(unauthenticated));
    world.change(() => ({ applications: [{ ...application(), adminConsent: false }] }));
    expect(await authenticate()).toEqual(byFrontEnd(unauthenticated));
    world.restoreTenant();
    expect(await authenticate({ scope: 'https://graph.microsoft.com/.default' })).toEqual(byFrontEnd(unauthenticated));
    expect(await authenticate({ scope: 'https://outlook.office365.com/.default' })).toMatch(/^235/);
  });

  test('of a mailbox that does not exist', async () => {
    expect(await authenticate({}, 'nobody@contoso.onmicrosoft.com')).toEqual(byFrontEnd(unauthenticated));
  });

  test('without New-ServicePrincipal, or with another application’s', async () => {
    world.change(() => ({ servicePrincipals: [] }));
    expect(await authenticate()).toEqual(byFrontEnd(unauthenticated));
    world.change(() => ({ servicePrincipals: [{ appId: applicationObjectId, objectId: enterpriseObjectId }] }));
    expect(await authenticate()).toEqual(byFrontEnd(unauthenticated));
  });

  test('with the application’s object id where that of the enterprise application belongs', async () => {
    world.change(() => ({ servicePrincipals: [{ appId: clientId, objectId: applicationObjectId }] }));
    expect(await authenticate()).toEqual(byFrontEnd(unauthenticated));
    world.change(({ servicePrincipals }) => ({ servicePrincipals: [...servicePrincipals, { appId: clientId, objectId: enterpriseObjectId }] }));
    expect(await authenticate()).toMatch(/^235/);
  });

  test('when Authenticated SMTP is off for the mailbox; a bad token comes first, the role after', async () => {
    const off =
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.';
    world.change(() => ({ mailboxes: [{ ...box(), authenticatedSmtp: false }], applications: [{ ...application(), adminConsent: false }] }));
    expect(await authenticate()).toEqual(byFrontEnd(off));
    expect(await authenticate({ scope: 'https://graph.microsoft.com/.default' })).toEqual(byFrontEnd(unauthenticated));
  });

  test('of other mechanisms, of cancelled and of garbled credentials', async () => {
    const client = await world.dialTls();
    for (const mechanism of ['', 'CRAM-MD5', 'NTLM', 'XCLIENT', 'constructor']) {
      expect(await client.say(`AUTH ${mechanism}`)).toEqual(byFrontEnd('504 5.7.4 Unrecognized authentication type'));
    }
    expect(await client.say('AUTH XOAUTH2')).toBe('334');
    expect(await client.say('*')).toEqual(byFrontEnd('501 5.7.0 Authentication cancelled'));
    expect(await client.say('AUTH XOAUTH2')).toBe('334');
    expect(await client.say(`MAIL FROM:<${mailbox}>`)).toEqual(byFrontEnd(unauthenticated));
    for (const credentials of ['=', '!!!', Buffer.from(`user=${mailbox}\x01\x01`).toString('base64'), xoauth2(mailbox, 'x'), xoauth2('', 'x')]) {
      expect(await client.say(`AUTH XOAUTH2 ${credentials}`)).toEqual(byFrontEnd(unauthenticated));
    }
    expect(await client.say(`AUTH XOAUTH2 a b`)).toMatch(/^501/);
    expect(await client.say(`MAIL FROM:<${mailbox}>`)).toMatch(/^530/);
  });

  test('of TLS 1.0 and 1.1', async () => {
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      const client = await world.dial();
      await client.say('EHLO old.example');
      await client.startTls({ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' });
      await client.say('EHLO old.example');
      expect(await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, await world.token())}`)).toBe(
        `421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2. Visit https://aka.ms/smtp_auth_tls. [${frontEnd}]`,
      );
      expect(await client.reply()).toBe('');
    }
  });
});

describe('a refusal of a command', () => {
  test('out of order', async () => {
    const client = await world.dial();
    const mail = `MAIL FROM:<${mailbox}>`;
    expect(await client.say(mail)).toEqual(byFrontEnd('503 5.5.2 Send hello first'));
    expect(await client.say('AUTH XOAUTH2 x')).toEqual(byFrontEnd('503 5.5.2 Send hello first'));
    await client.say('EHLO ise-1.ise.example');
    expect(await client.say('AUTH XOAUTH2 x')).toEqual(byFrontEnd('504 5.7.4 Unrecognized authentication type'));
    expect(await client.say(mail)).toBe(`451 5.7.3 STARTTLS is required to send mail [${frontEnd}]`);
    expect(await client.say('STARTTLS now')).toEqual(byFrontEnd('501 5.5.4 Invalid arguments'));
    await client.startTls();
    expect(await client.say(mail)).toEqual(byFrontEnd('503 5.5.2 Send hello first'));
    await client.say('EHLO ise-1.ise.example');
    expect(await client.say('STARTTLS')).toMatch(/^503 5\.5\.2 Only one STARTTLS/);
    expect(await client.say(mail)).toEqual(byFrontEnd('530 5.7.57 Client not authenticated to send mail.'));
    expect(await client.say('RCPT TO:<ana@guest.example>')).toEqual(byFrontEnd('503 5.5.2 Need mail command'));
    expect(await client.say('DATA')).toEqual(byFrontEnd('503 5.5.2 Need mail command'));
    await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, await world.token())}`);
    expect(await client.say('DATA')).toEqual(byFrontEnd('503 5.5.2 Need mail command'));
    await client.say(mail);
    expect(await client.say(mail)).toEqual(byFrontEnd('503 5.5.2 Sender already specified'));
    expect(await client.say('DATA')).toEqual(byFrontEnd('503 5.5.2 Need rcpt command'));
    expect(await client.say('RSET')).toBe('250 2.0.0 Resetting');
    expect(await client.say('RCPT TO:<ana@guest.example>')).toMatch(/^503/);
  });

  test('malformed', async () => {
    const client = await world.dialIn();
    const replies = {
      'EHLO': '501 5.5.4',
      'EHLO a b': '501 5.5.4',
      'MAIL FROM:no-brackets@x.example': '501 5.1.7',
      'MAIL FROM:<a@b@c>': '501 5.1.7',
      [`MAIL FROM:<${mailbox}> SIZE=x`]: '501 5.5.4 Invalid arguments',
      [`MAIL FROM:<${mailbox}> SIZE=1 SIZE=2`]: '501 5.1.7',
      [`MAIL FROM:<${mailbox}> SIZE=157286401`]: '552 5.3.4',
      [`MAIL FROM:<${mailbox}> BODY=BINARYMIME`]: '501 5.5.4',
      [`MAIL FROM:<${mailbox}> XOORG=x`]: '501 5.5.4 Unrecognized parameter',
      [`MAIL FROM:<${mailbox}> SIZE=157286400`]: '250 2.1.0',
      'RCPT TO:<>': '501 5.1.3',
      'RCPT TO:<ana@guest.example> NOTIFY=SOMETIMES': '501 5.5.4',
      'VRFY ana': '252 2.1.5',
      'HELP': '214 ',
      'XCLIENT ADDR=127.0.0.6': '500 5.3.3 Unrecognized command',
    };
    for (const [line, reply] of Object.entries(replies)) expect(await client.say(line), line).toMatch(new RegExp(`^${reply}`));
  });

  test('BDAT ends the connection, lest its text be read as commands', async () => {
    const client = await world.dialIn();
    await client.say(`MAIL FROM:<${mailbox}>`);
    const text = `RSET\r\nMAIL FROM:<${mailbox}>\r\nRCPT TO:<ana@guest.example>\r\nDATA\r\n${message()}.\r\n`;
    client.socket.write(`BDAT ${text.length} LAST\r\n${text}`);
    expect(await client.reply()).toMatch(/^421 4\.7\.0/);
    expect(await client.reply()).toBe('');
    expect(world.recorded).toEqual([]);
  });

  test('ten unknown commands, or a line without end, end the connection', async () => {
    const client = await world.dial();
    for (let count = 1; count < 10; count += 1) expect(await client.say('WIZ')).toEqual(byFrontEnd('500 5.3.3 Unrecognized command'));
    expect(await client.say('SHELL')).toBe(`421 4.7.0 Too many errors on this connection, closing transmission channel [${frontEnd}]`);
    expect(await client.reply()).toBe('');
    const other = await world.dial();
    other.socket.write('x'.repeat(100_000));
    expect(await other.reply()).toMatch(/^421 4\.7\.0 Command line too long/);
    expect(await other.reply()).toBe('');
  });
});

describe('a refusal at the end of DATA', () => {
  test('when FullAccess is missing, though AUTH succeeds', async () => {
    for (const permissions of [[], [{ servicePrincipal: 'isesim', rights: 'ReadPermission' }], [{ servicePrincipal: applicationObjectId, rights: 'FullAccess' }]]) {
      world.change(({ mailboxes }) => ({ mailboxes: mailboxes.map((each) => ({ ...each, permissions })) }));
      const client = await world.dialIn();
      expect(await client.send(message({ From: 'other@x.example' }))).toBe(
        `430 4.2.0 STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:ConnectionFailedTransientException.MapiExceptionLogonFailed; Failed to process message due to a transient exception with message [BeginDiagnosticData]Cannot open mailbox. Server = AM0PR02MB4132.eurprd02.prod.outlook.com[EndDiagnosticData] ${backEnd}`,
      );
    }
    for (const servicePrincipal of [enterpriseObjectId, clientId.toUpperCase()]) {
      const permissions = [{ servicePrincipal, rights: 'fullaccess' }];
      world.change(({ mailboxes }) => ({ mailboxes: mailboxes.map((each) => ({ ...each, permissions })) }));
      expect(await (await world.dialIn()).send()).toMatch(/^250/);
    }
  });

  test('when From or MAIL FROM is not the mailbox; the session goes on', async () => {
    const client = await world.dialIn();
    const denied = (from: string) =>
      `554 5.2.252 SendAsDenied; ${mailbox} not allowed to send as ${from}; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception with message [BeginDiagnosticData]Cannot submit message. 0.35250:0A004F85[EndDiagnosticData] ${backEnd}`;
    expect(await client.send(message({ From: 'Boss <boss@contoso.example>' }))).toBe(denied('boss@contoso.example'));
    expect(await client.send(message({ From: `"${mailbox}" <boss@contoso.example>` }))).toBe(denied('boss@contoso.example'));
    expect(await client.send(message({ From: `${mailbox}, boss@contoso.example` }))).toBe(denied('boss@contoso.example'));
    expect(await client.send(`From: ${mailbox}\r\nfrom: boss@contoso.example\r\n\r\nx\r\n`)).toBe(denied('boss@contoso.example'));
    expect(await client.send(message(), { from: 'boss@contoso.example' })).toBe(denied('boss@contoso.example'));
    expect(await client.send(message(), { from: '' })).toBe(denied(''));
    expect(await client.send(message({ From: 'a b c' }))).toMatch(/^554 5\.2\.252/);
    expect(world.recorded).toEqual([]);
    expect(await client.send(message({ From: `ISE <${mailbox.toUpperCase()}>` }))).toMatch(/^250/);
  });

  test('when the message was not recorded: nothing is accepted, and the next try gets the same id', async () => {
    const client = await world.dialIn();
    const text = message({ 'Message-ID': '<tried-twice@ise.example>' });
    world.record = () => Promise.reject(new Error('no store'));
    expect(await client.send(text)).toBe(`451 4.3.0 Temporary server error. Please try again later. ${backEnd}`);
    expect(world.recorded).toEqual([]);
    world.record = () => Promise.resolve();
    expect(await client.send(text)).toMatch(/^250/);
    expect(world.recorded.map(({ record }) => record.id)).toEqual([mailId('tried-twice@ise.example')]);
  });

  test('when headers are beyond all measure', async () => {
    const client = await world.dialIn();
    expect(await client.send(message({ 'X-Long': 'x'.repeat(3_000_000) }))).toMatch(/^554 5\.6\.0/);
    expect(await client.send()).toMatch(/^250/);
  });

  test('when the message is larger than Exchange takes, by the byte', async () => {
    const exact = message({}, 'x'.repeat(1_000));
    world.change(() => ({ limits: { messageSizeBytes: exact.length } }));
    const client = await world.dialIn();
    expect(await client.send(message({}, 'x'.repeat(1_001)))).toBe(`552 5.3.4 Message size exceeds fixed maximum message size ${backEnd}`);
    expect(await client.send(message({}, 'x'.repeat(2_000_000)))).toMatch(/^552/);
    expect(await client.send(exact)).toMatch(/^250/);
    expect(await client.say(`MAIL FROM:<${mailbox}> SIZE=${exact.length + 1}`)).toMatch(/^552 5\.3\.4/);
    expect(world.recorded).toHaveLength(1);
  });
});

describe('no mail without a valid token', () => {
  const mail = [`MAIL FROM:<${mailbox}>`, 'RCPT TO:<ana@guest.example>', 'DATA', `${message()}.`].join('\r\n');
  const forged = xoauth2(mailbox, 'eyJhbGciOiJub25lIn0.e30.');

  test.each([
    ['in clear', `EHLO x\r\n${mail}\r\n`],
    ['in clear, after AUTH', `EHLO x\r\nAUTH XOAUTH2 ${forged}\r\n${mail}\r\n`],
  ])('pipelined %s', async (_, lines) => {
    const client = await world.dial();
    const closed = new Promise((resolve) => client.socket.once('close', resolve));
    client.socket.write(lines);
    client.socket.write('QUIT\r\n');
    await closed;
    expect(world.recorded).toEqual([]);
  });

  test('pipelined behind a refused AUTH, under TLS', async () => {
    const client = await world.dialTls();
    client.socket.write(`AUTH XOAUTH2 ${forged}\r\n${mail}\r\nAUTH XOAUTH2\r\n${mail}\r\nQUIT\r\n`);
    const replies: string[] = [];
    for (let reply = await client.reply(); reply !== ''; reply = await client.reply()) replies.push(reply.slice(0, 3));
    expect(replies.slice(0, 4)).toEqual(['535', '530', '503', '503']);
    expect(replies).not.toContain('354');
    expect(world.recorded).toEqual([]);
  });

  test('injected in clear behind STARTTLS', async () => {
    const client = await world.dial();
    await client.say('EHLO x');
    client.socket.write(`STARTTLS\r\nEHLO evil.example\r\nAUTH XOAUTH2 ${xoauth2(mailbox, await world.token())}\r\n${mail}\r\n`);
    expect(await client.reply()).toMatch(/^220/);
    await client.secure();
    expect(await client.say(`MAIL FROM:<${mailbox}>`)).toMatch(/^503 5\.5\.2 Send hello first/);
    await client.say('EHLO ise-1.ise.example');
    expect(await client.say(`MAIL FROM:<${mailbox}>`)).toMatch(/^530/);
    expect(world.recorded).toEqual([]);
  });

  test('and a valid one makes exactly the mails that were pipelined with it', async () => {
    const client = await world.dialTls();
    const auth = `AUTH XOAUTH2 ${xoauth2(mailbox, await world.token())}`;
    client.socket.write(`${auth}\r\n${mail}\r\n${mail}\r\nQUIT\r\n`);
    const replies: string[] = [];
    for (let reply = await client.reply(); reply !== ''; reply = await client.reply()) replies.push(reply.slice(0, 3));
    expect(replies).toEqual(['235', '250', '250', '354', '250', '250', '250', '354', '250', '221']);
    expect(world.recorded).toHaveLength(2);
  });

  test('a message cut off before its final dot is none', async () => {
    const client = await world.dialIn('127.0.0.8');
    for (const line of [`MAIL FROM:<${mailbox}>`, 'RCPT TO:<ana@guest.example>', 'DATA']) await client.say(line);
    const closed = () => world.work.closed.filter((address) => address === '127.0.0.8').length;
    const before = closed();
    client.socket.write(message());
    await client.close();
    await world.until(() => closed() === before + 1);
    expect(world.recorded).toEqual([]);
  });
});

describe('whatever comes', () => {
  const lines = ['EHLO x', 'HELO x', 'STARTTLS', 'AUTH XOAUTH2', 'AUTH LOGIN', `AUTH XOAUTH2 ${xoauth2(mailbox, 'a.b.c')}`, '*', `MAIL FROM:<${mailbox}>`, 'RCPT TO:<a@b.example>', 'DATA'];
  const more = ['.', 'RSET', 'NOOP', 'QUIT', 'BDAT 4 LAST', 'VRFY x', 'HELP', 'MAIL FROM:<>', 'mail from:', 'From: x', '', '\0', 'GET / HTTP/1.1', 'constructor', '__proto__', 'handler_DATA'];
  const line = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...lines, ...more) }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) });
  const ends = fc.constantFrom('\r\n', '\n', '', '\r');

  test.each([
    ['in clear', false],
    ['under TLS', true],
  ])('garbage %s makes no mail, stops nothing, and is counted closed once', async (_, secure) => {
    const address = secure ? '127.0.0.11' : '127.0.0.10';
    let dialled = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(line, ends), { maxLength: 25 }), fc.boolean(), async (parts, rudely) => {
        const client = await (secure ? world.dialTls(address) : world.dial(address));
        dialled += 1;
        client.socket.write(Buffer.from(parts.flat().join('')));
        client.socket.write('\r\nQUIT\r\n');
        if (rudely) await client.close();
        else await hangUp(client);
      }),
      { numRuns: secure ? 60 : 120 },
    );
    expect(world.recorded).toEqual([]);
    await world.until(() => world.work.closed.filter((each) => each === address).length === dialled);
    expect(world.work.open).toEqual(new Set());
    expect(await (await world.dialIn()).send()).toMatch(/^250/);
  });

  async function hangUp(client: SmtpClient): Promise<void> {
    const closed = new Promise((resolve) => client.socket.once('close', resolve));
    client.socket.end();
    if (!client.socket.destroyed) await closed;
  }
});
