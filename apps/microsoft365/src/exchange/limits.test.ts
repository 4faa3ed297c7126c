import { dayMs, exchangeLimits, formatInstant, hourMs, type ExchangeLimits } from '@isesim/domain';
import { beforeEach, describe, expect, test } from 'vitest';
import { sharedWorld } from '../fixtures/shared-world.ts';
import { mailbox, message, signedBy, startTime, type SmtpClient } from '../test-world.ts';

const world = sharedWorld();
/** When a test begins: on a day of its own, so that nothing counts that an earlier one did. */
let begun = startTime;
beforeEach(() => {
  begun += dayMs + hourMs;
  world.clock.advance(begun - startTime);
});

function allow(limits: ExchangeLimits, submitMs = 0): void {
  world.change(({ latency }) => ({ limits, latency: { ...latency, submitMs } }));
}

const atOnce = '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.';
const reply = (text: string, whom: Parameters<typeof signedBy>[0] = 'back end') => expect.stringMatching(signedBy(whom, text, world.clock.now())) as string;
const accepted = /^250 2\.0\.0 OK/;
const addresses = ['127.0.0.5', '127.0.0.6', '127.0.0.7', '127.0.0.8', '127.0.0.9'];

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => message({ 'Message-ID': `<${index}@ise.example>` }));
}

async function clients(count: number): Promise<SmtpClient[]> {
  return Promise.all(addresses.slice(0, count).map((address) => world.dialIn(address)));
}

describe('three submissions at once', () => {
  test('are what a mailbox may have, over the connections of all nodes; the fourth is told at the end of DATA', async () => {
    allow(exchangeLimits, 4_800);
    const [one, two, three, four] = (await clients(4)) as [SmtpClient, SmtpClient, SmtpClient, SmtpClient];
    const underWay = [one, two, three].map((client) => client.send());
    await world.sleeping(3);
    expect(await four.send()).toEqual(reply(atOnce));
    world.clock.advance(4_800);
    for (const each of underWay) expect(await each).toMatch(accepted);
    const again = four.send();
    await world.sleeping(1);
    world.clock.advance(4_800);
    expect(await again).toMatch(accepted);
    expect(world.recorded).toHaveLength(4);
  });

  test('end at the instant of their answer: what begins then overlaps with nothing', async () => {
    allow({ concurrentSubmissions: 1 }, 1_000);
    const [one, two] = (await clients(2)) as [SmtpClient, SmtpClient];
    const settle: (() => void)[] = [];
    world.record = () => new Promise((resolve) => settle.push(resolve));
    const first = one.send();
    await world.sleeping(1);
    world.clock.advance(1_000);
    await world.until(() => settle.length === 1);
    // The first one is still being recorded, in the very instant at which the second begins.
    const second = two.send();
    await world.sleeping(1);
    settle[0]?.();
    expect(await first).toMatch(accepted);
    world.clock.advance(1_000);
    await world.until(() => settle.length === 2);
    settle[1]?.();
    expect(await second).toMatch(accepted);
  });

  test('are not counted where they take no simulated time, however fast this machine is', async () => {
    allow({ concurrentSubmissions: 1 });
    const all = await clients(5);
    const settle: (() => void)[] = [];
    world.record = () => new Promise((resolve) => settle.push(resolve));
    const answers = all.map((client) => client.send());
    await world.until(() => settle.length === 5);
    for (const each of settle) each();
    for (const answer of answers) expect(await answer).toMatch(accepted);
  });

  test('count from DATA on, for a client whose message takes simulated time to come', async () => {
    allow({ concurrentSubmissions: 1 });
    const [slow, quick] = (await clients(2)) as [SmtpClient, SmtpClient];
    for (const line of [`MAIL FROM:<${mailbox}>`, 'RCPT TO:<ana@guest.example>', 'DATA']) await slow.say(line);
    world.clock.advance(1_000);
    expect(await quick.send()).toEqual(reply(atOnce));
    expect(await slow.say(`${message()}.`)).toMatch(accepted);
    expect(await quick.send()).toMatch(accepted);
  });

  test('are over when their client goes away', async () => {
    allow({ concurrentSubmissions: 1 }, 60_000);
    const [lost, waiting] = (await clients(2)) as [SmtpClient, SmtpClient];
    void lost.send();
    await world.sleeping(1);
    expect(await waiting.send()).toEqual(reply(atOnce));
    await lost.close();
    await world.until(() => world.work.closed.includes('127.0.0.5'));
    const answer = waiting.send();
    await world.sleeping(1);
    world.clock.advance(60_000);
    expect(await answer).toMatch(accepted);
  });

  test('are counted for each mailbox apart', async () => {
    const other = 'second@contoso.onmicrosoft.com';
    world.change(({ mailboxes }) => ({ mailboxes: [...mailboxes, ...mailboxes.map((each) => ({ ...each, address: other }))] }));
    allow({ concurrentSubmissions: 1 }, 1_000);
    const [one] = (await clients(1)) as [SmtpClient];
    const two = await world.dialIn('127.0.0.6', 'psn-1.ise.example', other);
    const answers = [one.send(), two.send(message({ From: other }), { from: other })];
    await world.sleeping(2);
    world.clock.advance(1_000);
    for (const each of answers) expect(await each).toMatch(accepted);
  });
});

describe('thirty messages a minute', () => {
  const delivered = () => world.recorded.map(({ record }) => (Date.parse(record.deliveredAtSimulated ?? '') - begun) / 1_000);

  test('are delivered; more are accepted at once and delivered in the minutes that follow', async () => {
    allow(exchangeLimits);
    const [client] = (await clients(1)) as [SmtpClient];
    for (const text of numbered(65)) expect(await client.send(text)).toMatch(accepted);
    const times = (count: number, seconds: number) => Array.from({ length: count }, () => seconds);
    expect(delivered()).toEqual([...times(30, 0), ...times(30, 60), ...times(5, 120)]);
    expect(new Set(world.recorded.map(({ record }) => record.acceptedAtSimulated))).toEqual(new Set([formatInstant(begun)]));
  });

  test('in any minute, not by the minutes of a clock', async () => {
    allow({ messagesPerMinute: 2 });
    const [client] = (await clients(1)) as [SmtpClient];
    const texts = numbered(6);
    for (const [index, seconds] of [0, 50, 5, 1, 100, 0].entries()) {
      world.clock.advance(seconds * 1_000);
      await client.send(texts[index]);
    }
    expect(delivered()).toEqual([0, 50, 60, 110, 156, 170]);
  });

  test('are not used up by a mail that could not be recorded', async () => {
    allow({ messagesPerMinute: 1, recipientsPerDay: 1 });
    const [client] = (await clients(1)) as [SmtpClient];
    world.record = () => Promise.reject(new Error('no room'));
    expect(await client.send()).toMatch(/^451 4\.3\.0/);
    world.record = () => Promise.resolve();
    expect(await client.send()).toMatch(accepted);
    expect(delivered()).toEqual([0]);
  });
});

describe('recipients', () => {
  const quota =
    "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message due to a permanent exception with message The message can't be submitted because the sender's submission quota was exceeded.";

  test('of 24 hours are counted over all connections, and are free again after that', async () => {
    allow({ recipientsPerDay: 5 });
    const [one, two] = (await clients(2)) as [SmtpClient, SmtpClient];
    const to = (count: number) => ({ to: Array.from({ length: count }, (_, index) => `guest${index}@guest.example`) });
    expect(await one.send(message(), to(3))).toMatch(accepted);
    world.clock.advance(3_600_000);
    expect(await two.send(message(), to(3))).toEqual(reply(quota));
    expect(await two.send(message(), to(2))).toMatch(accepted);
    expect(await one.send(message(), to(1))).toEqual(reply(quota));
    world.clock.advance(23 * 3_600_000 - 1);
    expect(await one.send(message(), to(1))).toEqual(reply(quota));
    world.clock.advance(1);
    expect(await one.send(message(), to(4))).toEqual(reply(quota));
    expect(await one.send(message(), to(3))).toMatch(accepted);
  });

  test('of one message are 500', async () => {
    allow(exchangeLimits);
    const [client] = (await clients(1)) as [SmtpClient];
    await client.say(`MAIL FROM:<${mailbox}>`);
    for (let count = 0; count < 500; count += 1) expect(await client.say(`RCPT TO:<guest${count}@guest.example>`)).toMatch(/^250/);
    expect(await client.say('RCPT TO:<one-more@guest.example>')).toEqual(reply('452 4.5.3 Too many recipients', 'front end'));
    await client.say('DATA');
    expect(await client.say(`${message()}.`)).toMatch(accepted);
    expect(world.recorded[0]?.record.to).toHaveLength(500);
  });
});

describe('a session', () => {
  const over = (spent: string) => reply(`421 4.4.1 Connection timed out. Total session duration: ${spent}`, 'nobody');

  test('is ended after twenty minutes, however busy', async () => {
    allow(exchangeLimits);
    const [client] = (await clients(1)) as [SmtpClient];
    for (let minutes = 0; minutes < 20; minutes += 4) {
      expect(await client.send()).toMatch(accepted);
      world.clock.advance(4 * 60_000);
    }
    expect(await client.reply()).toEqual(over('00:20:00'));
    expect(await client.reply()).toBe('');
  });

  test('goes on to the end of the message under way, and no further', async () => {
    allow(exchangeLimits);
    const [client] = (await clients(1)) as [SmtpClient];
    await client.say(`MAIL FROM:<${mailbox}>`);
    for (let minutes = 0; minutes < 24; minutes += 4) {
      expect(await client.say('RCPT TO:<ana@guest.example>')).toMatch(/^250/);
      world.clock.advance(4 * 60_000);
    }
    await client.say('DATA');
    expect(await client.say(`${message()}.`)).toMatch(accepted);
    world.clock.advance(0);
    expect(await client.reply()).toEqual(over('00:24:00'));
  });

  test('that is silent for five minutes is ended, unasked, wherever it stands', async () => {
    allow(exchangeLimits);
    const [client] = (await clients(1)) as [SmtpClient];
    const greeted = await world.dial('127.0.0.6');
    const sending = await world.dialIn('127.0.0.7');
    for (const line of [`MAIL FROM:<${mailbox}>`, 'RCPT TO:<ana@guest.example>', 'DATA']) await sending.say(line);
    world.clock.advance(299_999);
    expect(await client.say('NOOP')).toMatch(/^250/);
    world.clock.advance(1);
    for (const each of [greeted, sending]) {
      expect(await each.reply()).toEqual(over('00:05:00'));
      expect(await each.reply()).toBe('');
    }
    world.clock.advance(299_999);
    expect(await client.reply()).toEqual(over('00:09:59'));
    expect(await client.reply()).toBe('');
    expect([...world.work.closed].sort()).toEqual(expect.arrayContaining(['127.0.0.5', '127.0.0.6', '127.0.0.7']));
    expect(world.recorded).toEqual([]);
  });

  test('is not silent while its client waits for an answer', async () => {
    allow({ sessionIdleMs: 300_000 }, 1_800_000);
    const [client] = (await clients(1)) as [SmtpClient];
    const sent = client.send();
    await world.sleeping(1);
    world.clock.advance(1_000_000);
    world.clock.advance(800_000);
    expect(await sent).toMatch(accepted);
    world.clock.advance(299_999);
    expect(await client.say('NOOP')).toMatch(/^250/);
  });

  test('that its client has ended leaves no timer', async () => {
    allow(exchangeLimits);
    const before = world.clock.timers;
    const [client] = (await clients(1)) as [SmtpClient];
    await client.send();
    expect(world.clock.timers).toBe(before + 1);
    await client.close();
    await world.until(() => world.clock.timers === before);
  });
});

test('ten SendAs errors within an hour end all sending of the mailbox, until there are fewer', async () => {
  allow(exchangeLimits);
  const [client] = (await clients(1)) as [SmtpClient];
  const foreign = () => client.send(message({ From: 'boss@contoso.example' }));
  for (let count = 0; count < 10; count += 1) {
    expect(await client.send()).toMatch(accepted);
    expect(await foreign()).toMatch(/^554 5\.2\.252 SendAsDenied/);
    world.clock.advance(1_000);
  }
  expect(await client.send()).toEqual(reply('550 5.2.252 Sender throttled due to continuous send as denied errors.'));
  world.clock.advance(3_590_000);
  const later = await world.dialIn();
  expect(await later.send()).toMatch(accepted);
});

test('without limits nothing is held back', async () => {
  allow({});
  const [client] = (await clients(1)) as [SmtpClient];
  for (const text of numbered(40)) expect(await client.send(text)).toMatch(accepted);
  expect(new Set(world.recorded.map(({ record }) => record.deliveredAtSimulated))).toEqual(new Set([formatInstant(begun)]));
  world.clock.advance(86_400_000);
  expect(await client.send()).toMatch(accepted);
});

test('a message may have 35 MB, though EHLO offers 150', async () => {
  allow(exchangeLimits);
  const [client] = (await clients(1)) as [SmtpClient];
  const size = exchangeLimits.messageSizeBytes;
  expect(await client.say(`MAIL FROM:<${mailbox}> SIZE=${size + 1}`)).toEqual(reply('552 5.3.4 Message size exceeds fixed maximum message size'));
  expect(await client.send(message({}, 'x'.repeat(size)))).toEqual(reply('552 5.3.4 Message size exceeds fixed maximum message size'));
  expect(await client.send()).toMatch(accepted);
});
