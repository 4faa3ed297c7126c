import { auditMail, claimHeaders, mailId, mailRecordSchema } from '@isesim/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientId, mailbox, message, nodes, startTime, TestWorld } from '../test-world.ts';
import { IdTaken } from './arrivals.ts';

let world: TestWorld;
/** Where all nodes have one address. */
let byEhlo: TestWorld;
beforeAll(async () => {
  [world, byEhlo] = await Promise.all([TestWorld.start(), TestWorld.start({ evidence: 'ehlo' })]);
});
beforeEach(() => {
  world.restart();
  byEhlo.restart();
});
afterAll(async () => {
  for (const each of [world, byEhlo]) {
    expect(each.defects).toEqual([]);
    await each[Symbol.asyncDispose]();
  }
});

describe('the record of a mail', () => {
  test('has the evidence, the sender’s claims, and simulated times', async () => {
    const client = await world.dialIn('127.0.0.6', 'psn-1.ise.example');
    await client.say(`MAIL FROM:<${mailbox}>`);
    world.clock.advance(1_000);
    for (const line of ['RCPT TO:<ana@guest.example>', 'RCPT TO:<Sponsor@contoso.example>', 'RCPT TO:<ANA@guest.example>', 'DATA']) await client.say(line);
    const claims = {
      [claimHeaders.node]: 'psn-1',
      [claimHeaders.purpose]: 'portal-notification',
      [claimHeaders.template]: 'guest-credentials',
      [claimHeaders.trace]: 'trace-7',
    };
    const text = message({ 'Message-ID': '<evident@ise.example>', Subject: '=?utf-8?Q?Willkommen,_J=C3=BCrgen?=', ...claims });
    expect(await client.say(`${text}.`)).toMatch(/^250/);
    const [mail] = world.recorded;
    expect(mail?.source).toBe(text);
    expect(mailRecordSchema.parse(mail?.record)).toEqual(mail?.record);
    expect(mail?.record).toEqual({
      id: mailId('evident@ise.example'),
      messageId: 'evident@ise.example',
      purpose: 'portal-notification',
      template: 'guest-credentials',
      sentBy: 'psn-1',
      personas: ['psn'],
      from: mailbox,
      to: ['ana@guest.example', 'Sponsor@contoso.example'],
      subject: 'Willkommen, Jürgen',
      acceptedAt: '2026-11-21T12:00:00.000Z',
      acceptedAtSimulated: '2026-02-02T05:00:01Z',
      deliveredAtSimulated: '2026-02-02T05:00:01Z',
      begunAtSimulated: '2026-02-02T05:00:00Z',
      remoteAddress: '127.0.0.6',
      ehlo: 'psn-1.ise.example',
      evidence: 'address',
      authenticatedAs: { clientId, mailbox },
      traceId: 'trace-7',
      claimedNode: 'psn-1',
    });
    expect(auditMail([mail?.record ?? expect.unreachable()], nodes, [{ since: startTime, holders: {} }]).findings).toEqual([]);
  });

  test('has null for what is not claimed', async () => {
    await (await world.dialIn()).send();
    expect(world.recorded[0]?.record).toMatchObject({ purpose: null, template: null, traceId: null, claimedNode: null });
  });

  test('keeps the message byte for byte, dots, bare line feeds and foreign bytes included', async () => {
    const client = await world.dialIn();
    const body = '.\r\n..dots\r\n.\n.\rbare\nü €\u0000\r\n';
    await client.send(message({}, body));
    expect(world.recorded[0]?.source).toBe(message({}, body));
    for (const line of [`MAIL FROM:<${mailbox}>`, 'RCPT TO:<ana@guest.example>', 'DATA']) await client.say(line);
    const latin = Buffer.from(`${message({}, 'f\xFCr')}.\r\n`, 'latin1');
    client.socket.write(latin);
    expect(await client.reply()).toMatch(/^250/);
    expect(Buffer.from(world.recorded[1]?.source ?? '', 'latin1')).toEqual(latin.subarray(0, -3));
  });

  test('is complete before the 250 goes out', async () => {
    const client = await world.dialIn();
    const order: string[] = [];
    let settle: () => void = () => undefined;
    world.record = () => {
      order.push('recording');
      return new Promise((resolve) => (settle = resolve));
    };
    const reply = client.send().then((text) => order.push(text.slice(0, 3)));
    await world.until(() => order.length > 0);
    await world.oneMoreClosed();
    expect(order).toEqual(['recording']);
    settle();
    await reply;
    expect(order).toEqual(['recording', '250']);
  });
});

describe('the id of a record', () => {
  test('is that of its Message-ID, with a number from the second arrival on', async () => {
    const client = await world.dialIn();
    for (let arrival = 0; arrival < 3; arrival += 1) await client.send(message({ 'Message-ID': '<thrice@ise.example>' }));
    await client.send(message({ 'Message-ID': ' <once@ise.example> ' }));
    const first = mailId('thrice@ise.example');
    expect(world.recorded.map(({ record }) => record.id)).toEqual([first, `${first}.2`, `${first}.3`, mailId('once@ise.example')]);
  });

  test('passes over one that stands from before the double was started', async () => {
    const first = mailId('stands@ise.example');
    world.record = ({ record: { id } }) => (id === first ? Promise.reject(new IdTaken(id)) : Promise.resolve());
    const client = await world.dialIn();
    for (let arrival = 0; arrival < 2; arrival += 1) expect(await client.send(message({ 'Message-ID': '<stands@ise.example>' }))).toMatch(/^250/);
    expect(world.recorded.map(({ record }) => record.id)).toEqual([`${first}.2`, `${first}.3`]);
  });

  test('differs for arrivals at the same time', async () => {
    const clients = await Promise.all([world.dialIn(), world.dialIn('127.0.0.6'), world.dialIn()]);
    await Promise.all(clients.map((client) => client.send()));
    expect(new Set(world.recorded.map(({ record }) => record.id)).size).toBe(3);
  });

  test('of a mail without a usable Message-ID follows from one that Exchange makes, the same in every run', async () => {
    const texts = [`From: ${mailbox}\r\n\r\nx\r\n`, message({ 'Message-ID': 'a b c' }), `no header at all\r\n`];
    for (const each of [world, byEhlo]) {
      const client = await each.dialIn();
      for (const text of texts) expect(await client.send(text)).toMatch(/^250 2\.0\.0 OK <[A-Z0-9]{30}@AM0PR02MB4132\.eurprd02\.prod\.outlook\.com>/);
    }
    const ids = world.recorded.map(({ record }) => record.messageId);
    expect(new Set(ids).size).toBe(3);
    expect(byEhlo.recorded.map(({ record }) => record.messageId)).toEqual(ids);
  });
});

describe('who sent', () => {
  const sender = async (each: TestWorld, from: string, ehlo: string) => {
    await (await each.dialIn(from, ehlo)).send();
    const { sentBy, personas, evidence, remoteAddress } = each.recorded.at(-1)?.record ?? expect.unreachable();
    return { sentBy, personas, evidence, remoteAddress };
  };

  test('is known by the address, whatever EHLO says', async () => {
    expect(await sender(world, '127.0.0.5', 'psn-1.ise.example')).toEqual({ sentBy: 'ise-1', personas: ['pan', 'mnt'], evidence: 'address', remoteAddress: '127.0.0.5' });
    expect(await sender(world, '127.0.0.77', 'psn-1.ise.example')).toEqual({ sentBy: null, personas: [], evidence: 'address', remoteAddress: '127.0.0.77' });
  });

  test('is known by EHLO where addresses say nothing', async () => {
    expect(await sender(byEhlo, '127.0.0.1', 'PSN-1.ise.example')).toMatchObject({ sentBy: 'psn-1', evidence: 'ehlo' });
    expect(await sender(byEhlo, '127.0.0.5', 'elsewhere.example')).toMatchObject({ sentBy: null, evidence: 'ehlo' });
  });

  test('is what EHLO said last, under TLS', async () => {
    const client = await byEhlo.dialIn('127.0.0.1', 'ise-1.ise.example');
    await client.say('EHLO psn-1.ise.example');
    await client.send();
    expect(byEhlo.recorded[0]?.record).toMatchObject({ sentBy: 'psn-1', ehlo: 'psn-1.ise.example' });
  });
});
