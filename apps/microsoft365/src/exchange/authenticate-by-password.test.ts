import { announcedBasicAuthenticationEnd, mailRecordSchema, Secret, type Mailbox } from '@isesim/domain';
import { describe, expect, test } from 'vitest';
import { sharedWorld } from '../fixtures/shared-world.ts';
import { enterpriseObjectId, mailbox, message, signedBy, xoauth2, type SmtpClient } from '../test-world.ts';

const password = 'Correct-Horse-1';
const loggedIn = '235 2.7.0 Authentication successful';
const incorrect = '535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.';
const over = '550 5.7.30 Basic authentication is not supported for Client Submission.';

const world = sharedWorld();

/** A client of a tenant whose mailbox has a password, and is changed besides. */
async function dialTls(change: Partial<Mailbox> = {}): Promise<SmtpClient> {
  world.change(({ mailboxes }) => ({ mailboxes: mailboxes.map((each) => ({ ...each, password: new Secret(password), ...change })) }));
  return world.dialTls();
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function login(client: SmtpClient, user: string, given: string): Promise<string> {
  expect(await client.say('AUTH LOGIN')).toBe('334 VXNlcm5hbWU6');
  expect(await client.say(base64(user))).toBe('334 UGFzc3dvcmQ6');
  return client.say(base64(given));
}

function byFrontEnd(text: string): RegExp {
  return signedBy('front end', text, world.clock.now());
}

describe('user name and password', () => {
  test('let a client in by AUTH LOGIN, the user name asked for or given at once', async () => {
    expect(await login(await dialTls(), mailbox, password)).toBe(loggedIn);
    const client = await dialTls();
    expect(await client.say(`auth login ${base64(mailbox.toUpperCase())}`)).toBe('334 UGFzc3dvcmQ6');
    expect(await client.say(base64(password))).toBe(loggedIn);
    expect(await client.say('AUTH LOGIN')).toEqual(expect.stringMatching(byFrontEnd('503 5.5.2 Already authenticated')));
  });

  test('let a client in by AUTH PLAIN, which is not offered, in one line or after a bare 334', async () => {
    expect(await (await dialTls()).say(`AUTH PLAIN ${base64(`\0${mailbox}\0${password}`)}`)).toBe(loggedIn);
    const client = await dialTls();
    expect(await client.say('AUTH PLAIN')).toBe('334');
    expect(await client.say(base64(`${mailbox}\0${mailbox}\0${password}`))).toBe(loggedIn);
  });

  test('record the mail with the mailbox and no application', async () => {
    const client = await dialTls({ permissions: [] });
    await login(client, mailbox, password);
    expect(await client.send()).toMatch(/^250 2\.0\.0 OK/);
    const record = mailRecordSchema.parse(world.recorded[0]?.record);
    expect(record.authenticatedAs).toEqual({ clientId: null, mailbox });
  });

  test('send as another only where that mailbox allows this one, whatever it allows an application', async () => {
    const from = 'boss@contoso.onmicrosoft.com';
    const client = await dialTls();
    await login(client, mailbox, password);
    const allow = (trustee: string) => {
      world.change(({ mailboxes: [own] }) => ({ mailboxes: [own ?? expect.unreachable(), { address: from, authenticatedSmtp: true, permissions: [], sendAs: [trustee] }] }));
    };
    allow(enterpriseObjectId);
    expect(await client.send(message({ From: from }))).toMatch(/^554 5\.2\.252/);
    allow(mailbox);
    expect(await client.send(message({ From: from }))).toMatch(/^250/);
  });
});

describe('no mail by password', () => {
  test.each([
    ['a wrong password', mailbox, 'correct-horse-1', incorrect],
    ['no password', mailbox, '', incorrect],
    ['a user who is not there', 'nobody@contoso.onmicrosoft.com', password, incorrect],
  ])('for %s', async (_, user, given, reply) => {
    const client = await dialTls();
    expect(await login(client, user, given)).toMatch(byFrontEnd(reply));
    expect(await client.say(`MAIL FROM:<${mailbox}>`)).toMatch(/^530 5\.7\.57/);
  });

  test('for a mailbox without one', async () => {
    expect(await login(await world.dialTls(), mailbox, password)).toMatch(byFrontEnd(incorrect));
  });

  test.each<[what: string, change: Partial<Mailbox>, reply: RegExp]>([
    ['SMTP AUTH is off for the mailbox', { authenticatedSmtp: false }, /^535 5\.7\.139 .* disabled for the Mailbox/],
    ['SMTP AUTH is off for the tenant, and the mailbox says nothing', { authenticatedSmtp: null }, /^535 5\.7\.139 .* disabled for the Tenant/],
    ['security defaults refuse', { condition: 'security-defaults' }, /^535 5\.7\.139 .* security defaults policy/],
    ['Conditional Access refuses', { condition: 'conditional-access' }, /^535 5\.7\.139 .* did not meet the criteria/],
  ])('when %s; a wrong password comes first', async (_, change, reply) => {
    const client = await dialTls(change);
    expect(await login(client, mailbox, password)).toMatch(reply);
    expect(await login(client, mailbox, 'x')).toMatch(byFrontEnd(incorrect));
  });

  test('for a user whose licence was taken away', async () => {
    const user = { id: '1', userPrincipalName: mailbox, displayName: 'x', mailNickname: 'x', licenses: [] };
    world.change(() => ({ users: [{ ...user, password: new Secret(password) }] }));
    expect(await login(await dialTls(), mailbox, password)).toMatch(byFrontEnd('535 5.7.3 Authentication unsuccessful'));
  });

  test('in clear', async () => {
    const client = await world.dial();
    await client.say('EHLO ise-1.ise.example');
    for (const command of ['AUTH LOGIN', `AUTH PLAIN ${base64(`\0${mailbox}\0${password}`)}`]) {
      expect(await client.say(command)).toMatch(byFrontEnd('504 5.7.4 Unrecognized authentication type'));
    }
  });

  test('when the client breaks off, or speaks no AUTH PLAIN, or in another’s name', async () => {
    const client = await dialTls();
    await client.say('AUTH LOGIN');
    await client.say(base64(mailbox));
    expect(await client.say('*')).toMatch(byFrontEnd('501 5.7.0 Authentication cancelled'));
    expect(await client.say('AUTH LOGIN a b')).toMatch(/^501 5\.5\.4/);
    for (const response of ['=', '!!!', base64(password), base64(`boss@contoso.onmicrosoft.com\0${mailbox}\0${password}`)]) {
      expect(await client.say(`AUTH PLAIN ${response}`)).toMatch(byFrontEnd('535 5.7.3 Authentication unsuccessful'));
    }
    expect(await client.say(`MAIL FROM:<${mailbox}>`)).toMatch(/^530/);
  });
});

describe('the end of Basic authentication', () => {
  test('is that of the tenant, to the instant; a session that is in stays in', async () => {
    world.change(() => ({ basicAuthenticationEnds: world.clock.now() + 1_000 }));
    const client = await dialTls();
    expect(await login(client, mailbox, password)).toBe(loggedIn);
    world.clock.advance(999);
    expect(await login(await dialTls(), mailbox, password)).toBe(loggedIn);
    world.clock.advance(1);
    for (const command of ['AUTH LOGIN', `AUTH LOGIN ${base64(mailbox)}`, 'AUTH PLAIN']) expect(await (await dialTls()).say(command)).toMatch(byFrontEnd(over));
    expect(await client.send()).toMatch(/^250/);
  });

  test('is the end of 2026 where the tenant says nothing', async () => {
    expect(new Date(announcedBasicAuthenticationEnd).toISOString()).toBe('2027-01-01T00:00:00.000Z');
    world.clock.advance(announcedBasicAuthenticationEnd - 1 - world.clock.now());
    expect(await login(await dialTls(), mailbox, password)).toBe(loggedIn);
    world.clock.advance(1);
    expect(await (await dialTls()).say('AUTH LOGIN')).toMatch(byFrontEnd(over));
  });

  test('does not concern tokens', async () => {
    world.change(() => ({ basicAuthenticationEnds: world.clock.now() }));
    const client = await dialTls();
    expect(await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, await world.token())}`)).toBe(loggedIn);
  });
});
