import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { sharedWorld } from './fixtures/shared-world.ts';
import { clientId, mailbox, message, scope, secret, startTime, TestWorld, xoauth2 } from './test-world.ts';

const form = { client_id: clientId, scope, client_secret: secret, grant_type: 'client_credentials' };

const world = sharedWorld();

function slow(latency: { tokenMs?: number; connectMs?: number; submitMs?: number }): void {
  world.change((tenant) => ({ latency: { ...tenant.latency, ...latency } }));
}

describe('simulated time', () => {
  test('passes while a token is made, once the request is read whole', async () => {
    slow({ tokenMs: 760 });
    const before = world.clock.now();
    const answer = world.postToken(form);
    await world.sleeping(1);
    expect([...world.work.asleep]).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    expect([...world.work.open]).toEqual([expect.stringMatching(/^POST \/.+\/oauth2\/v2\.0\/token from 127\.0\.0\.1:\d+$/)]);
    world.clock.advance(759);
    world.clock.advance(1);
    const { body, headers } = await answer;
    const { iat } = JSON.parse(Buffer.from((body as { access_token: string }).access_token.split('.')[1] ?? '', 'base64url').toString()) as { iat: number };
    expect(iat).toBe(Math.floor((before + 760) / 1_000));
    expect(headers['date']).toBe(new Date(before + 760).toUTCString());
    expect(world.work.asleep).toEqual(new Set());
    slow({ tokenMs: 0 });
    expect((await world.postToken(form)).status).toBe(200);
  });

  test('passes at AUTH and at the end of DATA, on the client’s own connection', async () => {
    slow({ connectMs: 4_500, submitMs: 4_800 });
    const client = await world.dialTls('127.0.0.6');
    const { localAddress, localPort } = client.socket;
    const name = `${localAddress ?? ''}:${localPort ?? 0}`;
    const authenticated = client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, await world.token())}`);
    await world.sleeping(1);
    expect([...world.work.asleep]).toEqual([name]);
    expect([...world.work.open]).toEqual([`AUTH from ${name}`]);
    world.clock.advance(4_500);
    expect(await authenticated).toMatch(/^235/);
    const accepted = client.send();
    await world.sleeping(1);
    expect([...world.work.open]).toEqual([`DATA from ${name}`]);
    expect(world.recorded).toEqual([]);
    world.clock.advance(4_800);
    expect(await accepted).toMatch(/^250/);
    expect(world.recorded[0]?.record).toMatchObject({ begunAtSimulated: '2026-02-02T05:00:04.500Z', acceptedAtSimulated: '2026-02-02T05:00:09.300Z' });
  });

  test('does not pass for a client that is refused at AUTH, nor without a latency', async () => {
    slow({ connectMs: 4_500 });
    const client = await world.dialTls();
    expect(await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, 'x')}`)).toMatch(/^535/);
    slow({ connectMs: 0 });
    await (await world.dialIn()).send();
    expect(world.clock.now()).toBe(startTime);
  });

  test.each([
    ['tokenMs', '127.0.0.13'],
    ['connectMs', '127.0.0.14'],
    ['submitMs', '127.0.0.15'],
  ] as const)('a wait (%s) ends with its connection, and then the close is told', async (step, address) => {
    const token = await world.token();
    const client = await (step === 'submitMs' ? world.dialIn(address) : step === 'connectMs' ? world.dialTls(address) : undefined);
    slow({ [step]: 60_000 });
    const socket = client ? client.socket : await askForToken(address);
    if (step === 'connectMs') socket.write(`AUTH XOAUTH2 ${xoauth2(mailbox, token)}\r\n`);
    if (step === 'submitMs') socket.write(`MAIL FROM:<${mailbox}>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n${message()}.\r\n`);
    await world.sleeping(1);
    expect(world.work.closed).not.toContain(address);
    socket.destroy();
    await world.until(() => world.work.closed.includes(address));
    expect(world.clock.sleeping).toBe(0);
    expect(world.work.asleep).toEqual(new Set());
    expect(world.work.open).toEqual(new Set());
    expect(world.recorded).toEqual([]);
  });

  async function askForToken(localAddress: string): Promise<Socket> {
    const tcp = connectTcp({ ...world.double.login, localAddress });
    const socket = connectTls({ socket: tcp, ca: world.double.roots['entra-root'], servername: 'localhost' });
    const body = new URLSearchParams(form).toString();
    socket.write(`POST /contoso.onmicrosoft.com/oauth2/v2.0/token HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    return socket;
  }
});

describe('closes', () => {
  test('a mail that is being recorded is recorded before its connection counts as closed', async () => {
    const client = await world.dialIn('127.0.0.8');
    let settle: () => void = () => undefined;
    let recording = false;
    world.record = () => {
      recording = true;
      return new Promise((resolve) => (settle = resolve));
    };
    void client.send();
    await world.until(() => recording);
    await client.close();
    await world.oneMoreClosed();
    expect(world.work.closed).not.toContain('127.0.0.8');
    settle();
    await world.until(() => world.work.closed.includes('127.0.0.8'));
    expect(world.recorded).toHaveLength(1);
  });

  test('are told once each, however a connection ends', async () => {
    // One of its own for each: a port is free for the next one at once where its connection was reset.
    const addresses: string[] = [];
    const ownAddress = () => {
      const address = `127.0.0.${101 + addresses.length}`;
      addresses.push(address);
      return address;
    };
    const quit = await world.dialIn(ownAddress());
    await quit.say('QUIT');
    quit.socket.end();
    const plain = await world.dial(ownAddress());
    plain.socket.resetAndDestroy();
    const upgrading = await world.dial(ownAddress());
    await upgrading.say('EHLO x');
    await upgrading.say('STARTTLS');
    upgrading.socket.destroy();
    const untrusting = await world.dial(ownAddress());
    await untrusting.say('EHLO x');
    await expect(untrusting.startTls({ ca: [] })).rejects.toThrow();
    const garbled = await world.dial(ownAddress());
    await garbled.say('EHLO x');
    await garbled.say('STARTTLS');
    garbled.socket.write('this is no handshake');
    await garbled.reply();
    await world.http('GET', '/', { from: ownAddress() });
    for (const silent of [connectTcp({ ...world.double.login, localAddress: ownAddress() }), connectTcp({ ...world.double.smtp, localAddress: ownAddress() })]) {
      await new Promise((resolve) => silent.once('connect', resolve));
      silent.destroy();
    }
    await world.until(() => addresses.every((each) => world.work.closed.includes(each)));
    await world.oneMoreClosed();
    expect(world.work.closed.filter((each) => addresses.includes(each)).sort()).toEqual(addresses);
  });

  test('of the double itself end what is open, handshakes and waits included', async () => {
    const own = await TestWorld.start();
    own.change((tenant) => ({ latency: { ...tenant.latency, submitMs: 60_000 } }));
    const { login, smtp, roots } = own.double;
    const client = await own.dialIn();
    void client.send();
    await own.sleeping(1);
    const idle = connectTls({ ...login, ca: roots['entra-root'], servername: 'localhost' });
    await new Promise((resolve) => idle.once('secureConnect', resolve));
    // Bound to an address, so that no two have the same port: one to Entra ID and one to Exchange Online might else.
    const localAddress = '127.0.0.9';
    const silent = Array.from({ length: 5 }, () => [connectTcp({ ...login, localAddress }), connectTcp({ ...smtp, localAddress })]).flat();
    await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    for (const socket of silent.filter((_, index) => index % 2 === 0)) socket.write(Buffer.from('160301', 'hex'));
    const upgrading = await own.dial();
    await upgrading.say('EHLO x');
    await upgrading.say('STARTTLS');
    upgrading.socket.write(Buffer.from('160301', 'hex'));
    const half = await own.dial();
    await half.say('QUIT');
    for (const socket of [idle, ...silent]) socket.on('error', () => undefined);
    // The token's connection, and all that were opened here.
    const connections = 1 + ['client', 'idle', ...silent, 'upgrading', 'half'].length;
    await own.until(() => own.work.connections === connections);
    await own.double.close();
    expect(own.clock.sleeping).toBe(0);
    expect(own.work.open).toEqual(new Set());
    expect(own.recorded).toEqual([]);
    expect(own.work.closed).toHaveLength(connections);
  });
});

test('a defect of ours is reported, and the client told to come again', async () => {
  const client = await world.dialIn();
  world.change(() => ({ mailboxes: null as never }));
  expect(await client.send()).toMatch(/^451 4\.7\.0 Temporary server error\. Please try again later\. PRX4/);
  world.change(() => ({ applications: null as never }));
  expect((await world.postToken(form)).status).toBe(500);
  expect(world.defects.splice(0)).toHaveLength(2);
});
