import type { Mailbox, Tenant } from '@isesim/domain';
import { expect, test } from 'vitest';
import { sharedWorld } from '../fixtures/shared-world.ts';
import { applicationObjectId, clientId, enterpriseObjectId, mailbox, message, signedBy, wellMadeTenant, xoauth2 } from '../test-world.ts';

const world = sharedWorld();

type Signer = Parameters<typeof signedBy>[0];

/** What is wrong in the tenant or asked for, and the reply word for word. */
interface Row {
  readonly cause: string;
  readonly change?: (tenant: Tenant) => Partial<Tenant>;
  readonly scope?: string;
  readonly user?: string;
  readonly from?: string;
  readonly reply: string;
  readonly signer: Signer;
}

const unsuccessful = '535 5.7.3 Authentication unsuccessful';
const smtpAuthOff = (whom: string) =>
  `535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the ${whom}. Visit https://aka.ms/smtp_auth_disabled for more information.`;

const ofMailbox = (change: Partial<Mailbox>) => ({ mailboxes }: Tenant) => ({ mailboxes: mailboxes.map((each) => ({ ...each, ...change })) });
const colleague = { address: 'boss@contoso.onmicrosoft.com', authenticatedSmtp: true, permissions: [] };

const atAuth: readonly Row[] = [
  { cause: 'everything is in order', reply: '235 2.7.0 Authentication successful', signer: 'nobody' },
  { cause: 'no mailbox of that name', user: 'nobody@contoso.onmicrosoft.com', reply: unsuccessful, signer: 'front end' },
  {
    cause: 'the user of the mailbox has no licence',
    change: () => ({ users: [{ id: '1', userPrincipalName: mailbox, displayName: 'x', mailNickname: 'x', licenses: [] }] }),
    reply: unsuccessful,
    signer: 'front end',
  },
  { cause: 'the token is for Graph', scope: 'https://graph.microsoft.com/.default', reply: unsuccessful, signer: 'front end' },
  {
    cause: 'no application permission',
    change: ({ applications }) => ({ applications: applications.map((each) => ({ ...each, permissions: ['User.Read'] })) }),
    reply: unsuccessful,
    signer: 'front end',
  },
  {
    cause: 'no admin consent',
    change: ({ applications }) => ({ applications: applications.map((each) => ({ ...each, adminConsent: false })) }),
    reply: unsuccessful,
    signer: 'front end',
  },
  { cause: 'no New-ServicePrincipal', change: () => ({ servicePrincipals: [] }), reply: unsuccessful, signer: 'front end' },
  {
    cause: 'New-ServicePrincipal with the object id of the app registration',
    change: () => ({ servicePrincipals: [{ appId: clientId, objectId: applicationObjectId }] }),
    reply: unsuccessful,
    signer: 'front end',
  },
  { cause: 'SMTP AUTH is off for the mailbox', change: ofMailbox({ authenticatedSmtp: false }), reply: smtpAuthOff('Mailbox'), signer: 'front end' },
  {
    cause: 'SMTP AUTH is off for the tenant, and the mailbox does not say otherwise',
    change: (tenant) => ({ ...ofMailbox({ authenticatedSmtp: null })(tenant), smtpClientAuthenticationDisabled: true }),
    reply: smtpAuthOff('Tenant'),
    signer: 'front end',
  },
  {
    cause: 'SMTP AUTH is off for the tenant, but on for the mailbox',
    change: () => ({ smtpClientAuthenticationDisabled: true }),
    reply: '235 2.7.0 Authentication successful',
    signer: 'nobody',
  },
  {
    cause: 'Conditional Access refuses',
    change: ofMailbox({ condition: 'conditional-access' }),
    reply: '535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.',
    signer: 'front end',
  },
  {
    cause: 'security defaults refuse',
    change: ofMailbox({ condition: 'security-defaults' }),
    reply: "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.",
    signer: 'front end',
  },
];

const byFrontEnd = (text: string) => expect.stringMatching(signedBy('front end', text, world.clock.now())) as string;

test.each(atAuth)('at AUTH, when $cause: $reply', async ({ change, scope, user = mailbox, reply, signer }) => {
  if (change) world.change(change);
  const client = await world.dialTls();
  const token = await world.token(scope === undefined ? {} : { scope });
  expect(await client.say(`AUTH XOAUTH2 ${xoauth2(user, token)}`)).toMatch(signedBy(signer, reply, world.clock.now()));
  expect(await client.say(`MAIL FROM:<${mailbox}>`)).toMatch(reply.startsWith('235') ? /^250/ : /^530 5\.7\.57/);
  await client.close();
});

const diagnosed = (what: string) => `Failed to process message due to a ${what}`;
const sendAsDenied =
  `554 5.2.252 SendAsDenied; ${mailbox} not allowed to send as ${colleague.address}; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; ` +
  diagnosed('permanent exception with message [BeginDiagnosticData]Cannot submit message. 0.35250:0A004F85[EndDiagnosticData]');

const atEndOfData: readonly Row[] = [
  { cause: 'everything is in order', reply: '250 2.0.0 OK <one@ise.example>', signer: 'back end' },
  {
    cause: 'no Add-MailboxPermission',
    change: ofMailbox({ permissions: [] }),
    reply:
      '430 4.2.0 STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:ConnectionFailedTransientException.MapiExceptionLogonFailed; ' +
      diagnosed('transient exception with message [BeginDiagnosticData]Cannot open mailbox. Server = AM0PR02MB4132.eurprd02.prod.outlook.com[EndDiagnosticData]'),
    signer: 'back end',
  },
  { cause: 'From is another’s, without SendAs', change: ({ mailboxes }) => ({ mailboxes: [...mailboxes, colleague] }), from: colleague.address, reply: sendAsDenied, signer: 'back end' },
  {
    cause: 'From is another’s, with SendAs for the mailbox',
    change: ({ mailboxes }) => ({ mailboxes: [...mailboxes, { ...colleague, sendAs: [mailbox] }] }),
    from: colleague.address,
    reply: '250 2.0.0 OK <one@ise.example>',
    signer: 'back end',
  },
  {
    cause: 'From is another’s, with SendAs for the service principal',
    change: ({ mailboxes }) => ({ mailboxes: [...mailboxes, { ...colleague, sendAs: [enterpriseObjectId] }] }),
    from: colleague.address,
    reply: '250 2.0.0 OK <one@ise.example>',
    signer: 'back end',
  },
  {
    cause: 'the mailbox is full',
    change: ofMailbox({ condition: 'full' }),
    reply: '554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
    signer: 'back end',
  },
  { cause: 'the sender is blocked for spam', change: ofMailbox({ condition: 'blocked-sender' }), reply: '550 5.1.8 Access denied, bad outbound sender AS(42004)', signer: 'back end' },
];

test.each(atEndOfData)('at the end of DATA, when $cause: $reply', async ({ change, from = mailbox, reply, signer }) => {
  if (change) world.change(change);
  const client = await world.dialIn();
  expect(await client.send(message({ From: from }), { from })).toMatch(signedBy(signer, reply, world.clock.now()));
  expect(world.recorded).toHaveLength(reply.startsWith('250') ? 1 : 0);
  await client.close();
});

test('fault is found at AUTH in this order: token and mailbox, SMTP AUTH switches, policies, role and service principal', async () => {
  const reply = async (user: string, token: Promise<string>) => {
    const client = await world.dialTls();
    const line = await client.say(`AUTH XOAUTH2 ${xoauth2(user, await token)}`);
    await client.close();
    return line;
  };
  const forged = Promise.resolve('x');
  const mend = (change: (tenant: Tenant) => Partial<Tenant>) => {
    world.change(change);
    return reply(mailbox, world.token());
  };
  // Everything is wrong, and mended from the front.
  world.change(({ applications }) => ({ smtpClientAuthenticationDisabled: true, servicePrincipals: [], applications: applications.map((each) => ({ ...each, adminConsent: false })) }));
  world.change(ofMailbox({ authenticatedSmtp: null, condition: 'conditional-access' }));
  expect([await reply(mailbox, forged), await reply('nobody@contoso.onmicrosoft.com', world.token())]).toEqual([byFrontEnd(unsuccessful), byFrontEnd(unsuccessful)]);
  expect(await reply(mailbox, world.token())).toEqual(byFrontEnd(smtpAuthOff('Tenant')));
  expect(await mend(ofMailbox({ authenticatedSmtp: false }))).toEqual(byFrontEnd(smtpAuthOff('Mailbox')));
  expect(await mend(ofMailbox({ authenticatedSmtp: true }))).toMatch(/^535 5\.7\.139 .* did not meet the criteria/);
  expect(await mend(ofMailbox({ condition: 'security-defaults' }))).toMatch(/^535 5\.7\.139 .* security defaults policy/);
  expect(await mend(() => ({ mailboxes: wellMadeTenant().mailboxes }))).toEqual(byFrontEnd(unsuccessful));
  expect(await mend(() => ({ applications: wellMadeTenant().applications }))).toEqual(byFrontEnd(unsuccessful));
  expect(await mend(() => ({ servicePrincipals: wellMadeTenant().servicePrincipals }))).toMatch(/^235 /);
});

test('fault is found at the end of DATA in this order: size, submissions at once, FullAccess, From, condition of the mailbox, recipients of the day', async () => {
  const underWay = await world.dialIn('127.0.0.6');
  const small = message();
  const limits = { messageSizeBytes: small.length, concurrentSubmissions: 1, recipientsPerDay: 0 };
  world.change(({ latency }) => ({ limits, latency: { ...latency, submitMs: 1_000 } }));
  const other = underWay.send(small);
  await world.sleeping(1);

  const faulty = (condition: Mailbox['condition']) => ofMailbox({ permissions: [], ...(condition && { condition }) });
  world.change(faulty('blocked-sender'));
  const client = await world.dialIn();
  const foreign = small.replace(mailbox, 'boss@contoso.example'.padEnd(mailbox.length, 'x'));
  const replies = [await client.send(`${foreign}more\r\n`), await client.send(foreign)];
  world.change(({ latency }) => ({ limits: { recipientsPerDay: 0 }, latency: { ...latency, submitMs: 0 } }));
  replies.push(await client.send(foreign));
  world.change(ofMailbox({ permissions: wellMadeTenant().mailboxes[0]?.permissions ?? [] }));
  replies.push(await client.send(foreign), await client.send(small));
  world.change(ofMailbox({ condition: 'full' }));
  replies.push(await client.send(small));
  world.change(() => ({ mailboxes: wellMadeTenant().mailboxes }));
  replies.push(await client.send(small));
  world.change(() => ({ limits: {} }));
  replies.push(await client.send(small));
  expect(replies.map((reply) => reply.split(' ', 2).join(' '))).toEqual([
    ...['552 5.3.4', '432 4.3.2', '430 4.2.0', '554 5.2.252', '550 5.1.8', '554 5.2.2', '554 5.2.0', '250 2.0.0'],
  ]);
  world.clock.advance(1_000);
  await other;
});

test('a change of permissions is gone by when it has propagated, on the simulated clock', async () => {
  world.change(() => ({ servicePrincipals: [] }));
  world.change(() => ({ servicePrincipals: [{ appId: clientId, objectId: enterpriseObjectId }], propagationMs: 900_000 }));
  const authenticate = async () => {
    const client = await world.dialTls();
    const reply = await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, await world.token())}`);
    await client.close();
    return reply;
  };
  expect(await authenticate()).toMatch(/^535 5\.7\.3/);
  world.clock.advance(899_999);
  expect(await authenticate()).toMatch(/^535 5\.7\.3/);
  world.clock.advance(1);
  expect(await authenticate()).toMatch(/^235/);
});

test('a refusal at AUTH takes the time that the tenant says', async () => {
  world.change(({ latency }) => ({ latency: { ...latency, refusalMs: 5_000 } }));
  const client = await world.dialTls();
  const refused = client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, 'x')}`);
  await world.sleeping(1);
  world.clock.advance(5_000);
  expect(await refused).toMatch(/^535 5\.7\.3/);
});
