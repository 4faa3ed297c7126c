import { Problem, type Alarm, type WorkReport } from '@isesim/domain';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Bus } from './bus.ts';
import { headersWith } from './message-headers.ts';
import { isPermissionViolation } from './permission-violation.ts';
import { OutdatedWrite } from './stream-writer.ts';
import { promiseParts, TestClock, TestNats } from './testing.ts';

let nats: TestNats;
beforeAll(async () => {
  nats = await TestNats.start({ d: [{ name: 'ise-1', personas: ['pan', 'mnt'] }, { name: 'ise-2', personas: ['pan', 'mnt'] }, { name: 'psn-1', personas: ['psn'] }, { name: 'psn-2', personas: ['psn'] }] });
}, 30_000);
afterAll(async () => {
  await nats[Symbol.asyncDispose]();
});

// Each test joins anew, so that what one answers or follows does not reach the next.
const joined: Bus[] = [];
afterEach(async () => {
  await Promise.all(joined.splice(0).map((bus) => bus.close()));
});
async function join(name: string, options: Parameters<TestNats['bus']>[2] = {}): Promise<Bus> {
  const bus = await nats.bus('d', name, options);
  joined.push(bus);
  return bus;
}

let made = 0;
function alarm(node: string, details = ''): Alarm {
  return { id: `a${++made}`, name: 'High CPU', severity: 'Warning', details, node, raisedAt: 0 };
}

test('what must exist once is written once: the same again gives the same sequence, another is refused', async () => {
  const bus = await join('ise-1');
  const raised = alarm('ise-1');
  const write = (value: Alarm) => bus.writeOnce(bus.streams.alarms, bus.subjects.alarm('ise-1', raised.id), value);
  const sequence = await write(raised);

  expect(await write(raised)).toBe(sequence);
  expect(await Promise.all([write(raised), write(raised)])).toEqual([sequence, sequence]);
  await expect(write({ ...raised, details: 'other' })).rejects.toThrow(OutdatedWrite);
});

test('of two who write the same new thing, only one is told that it was new', async () => {
  const bus = await join('ise-1');
  const guest = { kind: 'internal-user', user: { name: 'ana', email: 'ana@x.example', passwordChanged: 0, passwordNeverExpires: false } } as const;
  const write = () => bus.writeFenced(bus.streams.accounts, bus.subjects.internalUser('ana'), guest, 'subject is new');
  const ends = await Promise.allSettled([write(), write()]);

  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(write()).rejects.toThrow('$KV.d_accounts.internal-user.ana was not written: the stream has moved on since it was read');
});

test('a fenced write goes behind exactly the sequence it names; a later or earlier one is refused', async () => {
  const bus = await join('ise-1');
  const write = (fence: number, epoch: number) => bus.writeFenced(bus.streams.config, bus.subjects.config('ise-1', 'epoch'), { kind: 'epoch', epoch, primary: 'ise-1' }, fence);
  const first = await write(0, 1);

  await expect(write(0, 2)).rejects.toThrow(OutdatedWrite);
  await expect(write(first + 1, 2)).rejects.toThrow(OutdatedWrite);
  const second = await write(first, 2);
  expect(await bus.readLast(bus.streams.config, bus.subjects.config('ise-1', 'epoch'))).toEqual({
    subject: '$KV.d_config.ise-1.epoch',
    sequence: second,
    time: 0,
    fencedBehind: first,
    value: { kind: 'epoch', epoch: 2, primary: 'ise-1' },
  });
});

test('a write behind the last of its subject minds nothing else, and is refused once another stands there', async () => {
  const bus = await join('ise-1');
  const { accounts } = bus.streams;
  const user = (name: string, email: string) => ({ kind: 'internal-user', user: { name, email, passwordChanged: 0, passwordNeverExpires: false } }) as const;
  const write = (email: string, lastOfSubject: number) => bus.writeFenced(accounts, bus.subjects.internalUser('ben'), user('ben', email), { lastOfSubject });
  const first = await bus.write(accounts, bus.subjects.internalUser('ben'), user('ben', 'ben@x.example'));
  await bus.write(accounts, bus.subjects.internalUser('eve'), user('eve', 'eve@x.example'));
  const second = await write('ben@y.example', first);

  await expect(write('ben@z.example', first)).rejects.toThrow(OutdatedWrite);
  expect(await bus.readLast(accounts, bus.subjects.internalUser('ben'))).toMatchObject({ sequence: second, value: { user: { email: 'ben@y.example' } } });
});

test('a fenced write that is refused is not taken for its own twin that stands there from before', async () => {
  const bus = await join('ise-1');
  const page = { kind: 'pages', epoch: 2, pages: { portals: {} } } as const;
  const subject = bus.subjects.config('ise-1', 'portals');
  const last = await bus.write(bus.streams.config, subject, page);

  await expect(bus.writeFenced(bus.streams.config, subject, page, last - 1)).rejects.toThrow(OutdatedWrite);
});

test('what a node may not write or read fails at once, as a violation of its rights', async () => {
  const bus = await join('psn-1');
  const notOwn = bus.write(bus.streams.alarms, bus.subjects.alarm('psn-2', 'x'), alarm('psn-2'));
  const notFor = bus.readLast(bus.streams.alarms, bus.subjects.alarm('psn-1', 'x'));
  const [written, read] = await Promise.allSettled([notOwn, notFor]);

  expect(written.status === 'rejected' && isPermissionViolation(written.reason)).toBe(true);
  expect(read.status === 'rejected' && isPermissionViolation(read.reason)).toBe(true);
  await expect(bus.follow(bus.streams.alarms, () => undefined)).rejects.toSatisfy(isPermissionViolation);
});

test('nothing there is nothing, not an error', async () => {
  const bus = await join('ise-1');

  expect(await bus.readLast(bus.streams.accounts, bus.subjects.guest('nobody'))).toBeUndefined();
  expect((await bus.readAll(bus.streams.outbox('pan', 'ise-1')).next()).done).toBe(true);
});

test('a follower takes what stands there, then what comes, each with the time and fence it was written with', async () => {
  const [writer, reader] = [await join('psn-1', { clock: new TestClock(1_000) }), await join('ise-1')];
  const write = (details: string) => writer.writeOnce(writer.streams.alarms, writer.subjects.alarm('psn-1', `f${++made}`), alarm('psn-1', details));
  const from = await write('stands');
  const taken: string[] = [];
  const came = promiseParts();
  await reader.follow(reader.streams.alarms, ({ value, time }) => {
    taken.push(`${value.details} ${time}`);
    if (value.details === 'comes') came.resolve();
  }, { from });
  await write('comes');
  await came.promise;

  expect(taken).toEqual(['stands 1000', 'comes 1000']);
});

test('a follower counts each message when it is taken, and hears the time from it', async () => {
  const clock = new TestClock();
  const [writer, reader] = [await join('psn-1', { clock: new TestClock(5_000) }), await join('ise-1', { clock })];
  const sequence = await writer.writeOnce(writer.streams.alarms, writer.subjects.alarm('psn-1', `g${++made}`), alarm('psn-1'));
  await reader.follow(reader.streams.alarms, () => { clock.crossed.push('begun'); }, { from: sequence });

  expect(clock.now()).toBe(5_000);
  expect(clock.crossed).toEqual([`taken d_alarms ${sequence - 1}`, 'begun', `taken d_alarms ${sequence}`]);
});

test('what a followed message sets off and fails is told, and the next one is taken', async () => {
  const [writer, defects, taken] = [await join('psn-1'), [] as string[], [] as number[]];
  const reader = await join('ise-1', { onDefect: (what, error) => defects.push(`${what}: ${String(error)}`) });
  const write = () => writer.writeOnce(writer.streams.alarms, writer.subjects.alarm('psn-1', `h${++made}`), alarm('psn-1'));
  const from = await write();
  await write();
  await reader.follow(reader.streams.alarms, ({ sequence }) => {
    taken.push(sequence);
    return Promise.reject(new Error('no'));
  }, { from });

  expect(taken).toEqual([from, from + 1]);
  expect(defects).toEqual([`d_alarms ${from}: Error: no`, `d_alarms ${from + 1}: Error: no`]);
});

test('a gap in the feed that cannot be closed is told', async () => {
  const [clock, defects, told] = [new TestClock(), [] as string[], promiseParts()];
  const reader = await join('ise-1', {
    clock,
    onDefect: (what, error) => {
      defects.push(`${what}: ${String(error)}`);
      told.resolve();
    },
  });
  await reader.follow(reader.streams.alarms, () => undefined);
  clock.outside = () => Promise.reject(new Error('no answer'));
  const store = await nats.connect('d', 'store');
  store.publish(`${reader.streams.alarms.feed}.psn-1.a0`, 'does not say which message it is');
  await told.promise;

  expect(defects).toEqual(['catch up d_alarms: Error: no answer']);
});

test('a request reaches the node it names, with its asker, and the answer comes back; both sides count it once', async () => {
  const [asking, answering] = [new TestClock(), new TestClock()];
  const [psn, pan] = [await join('psn-1', { clock: asking }), await join('ise-1', { clock: answering, incarnation: 'ise-1#3' })];
  pan.answer('send-test-mail', ({ to }, asker) => Promise.resolve({ notificationId: `${to} for ${asker}` }));
  await pan.connection.flush();
  psn.learn({ 'ise-1': 'ise-1#3' });

  expect(await psn.ask('ise-1', 'send-test-mail', { portal: 'sponsor', to: 'a@x.example' })).toEqual({ notificationId: 'a@x.example for psn-1' });
  expect(asking.crossed).toEqual(['asked ise-1#3', 'answer taken ise-1#3']);
  expect(answering.crossed).toEqual(['ask taken psn-1#1', 'answered psn-1#1']);
});

test('what is too large for one message is refused at once, as a request and as an answer', async () => {
  const [psn, pan] = [await join('psn-1'), await join('ise-1')];
  const twoMegabytes = 'x'.repeat(2_000_000);
  pan.answer('send-test-mail', () => Promise.resolve({ notificationId: twoMegabytes }));
  await pan.connection.flush();
  const test = (to: string) => psn.ask('ise-1', 'send-test-mail', { portal: 'sponsor', to });

  await expect(test(twoMegabytes)).rejects.toMatchObject({ code: 'too-large', message: expect.stringMatching(/^what ise-1 is asked with "send-test-mail" has 2\d{6} bytes/) as string });
  await expect(test('a@x.example')).rejects.toMatchObject({ code: 'too-large', message: expect.stringMatching(/^what ise-1 has to answer has 2\d{6} bytes/) as string });
});

test('PAN asks PAN, the operator asks every node, and a node asks itself without the bus', async () => {
  const [one, two, operator] = [await join('ise-1'), await join('ise-2'), await join('operator')];
  for (const [bus, name] of [[one, 'ise-1'], [two, 'ise-2']] as const) bus.answer('ping', (_value, asker) => Promise.resolve({ open: [{ what: `${name} for ${asker}`, since: 0 }] }));
  await Promise.all([one.connection.flush(), two.connection.flush()]);
  const asked = await Promise.all([one.ask('ise-2', 'ping', {}), two.ask('ise-1', 'ping', {}), operator.ask('ise-2', 'ping', {}), one.ask('ise-1', 'ping', {})]);

  expect(asked.map(({ open }) => open[0]?.what)).toEqual(['ise-2 for ise-1', 'ise-1 for ise-2', 'ise-2 for operator', 'ise-1 for ise-1']);
});

test('a problem that the responder meets reaches the asker as that problem, anything else as a defect', async () => {
  const [psn, pan] = [await join('psn-1'), await join('ise-1')];
  const thrown = [new Problem('refused', 'portal', 'there is no portal "x"', 'Use one of a, b.'), new TypeError('oops')];
  pan.answer('send-test-mail', () => Promise.reject(thrown.shift() ?? new Error()));
  await pan.connection.flush();
  const ask = () => psn.ask('ise-1', 'send-test-mail', { portal: 'x', to: 'a@x.example' });

  await expect(ask()).rejects.toEqual(new Problem('refused', 'portal', 'there is no portal "x"', 'Use one of a, b.'));
  await expect(ask()).rejects.toMatchObject({ kind: 'could not run', code: 'defect', message: 'oops' });
});

test.each([
  { what: 'a mail address that is none', value: { portal: 'x', to: 'nobody' }, message: 'to: "nobody" is not a mail address' },
  { what: 'a header in an address', value: { portal: 'x', to: 'a@x.example\r\nBcc: b@x.example' }, message: 'to: contains a line break or another control character' },
  { what: 'a missing field', value: { to: 'a@x.example' }, message: 'portal: Invalid input: expected string, received undefined' },
])('a request with $what is refused before it is answered', async ({ value, message }) => {
  const [psn, pan] = [await join('psn-1'), await join('ise-1')];
  pan.answer('send-test-mail', () => Promise.resolve({ notificationId: 'answered' }));
  await pan.connection.flush();

  await expect(psn.ask('ise-1', 'send-test-mail', value as { portal: string; to: string })).rejects.toMatchObject({ kind: 'wrong input', message });
});

test('asking whom one may not ask is refused at once', async () => {
  const psn = await join('psn-1');

  await expect(psn.ask('psn-2', 'ping', {})).rejects.toMatchObject({ code: 'not-allowed', message: 'this node may not ask psn-2 to "ping"' });
});

test('a responder that does not answer is named when the time for it is up on the clock', async () => {
  const clock = new TestClock();
  const psn = await join('psn-1', { clock });
  const asked = psn.ask('ise-1', 'ping', {});
  clock.passDeadlines();

  await expect(asked).rejects.toMatchObject({ code: 'no-answer', message: 'ise-1 did not answer "ping" within 10 s' });
});

test('a request for an incarnation that died is not taken by its successor', async () => {
  const [asking, answering] = [new TestClock(), new TestClock()];
  const [psn, pan] = [await join('psn-1', { clock: asking }), await join('ise-1', { clock: answering, incarnation: 'ise-1#2' })];
  pan.answer('ping', () => Promise.resolve({ open: [] }));
  await pan.connection.flush();
  const asked = psn.ask('ise-1', 'ping', {});
  psn.learn({ 'ise-1': 'ise-1#2' });
  await psn.ask('ise-1', 'ping', {});
  asking.passDeadlines();

  await expect(asked).rejects.toMatchObject({ code: 'no-answer' });
  expect(answering.crossed).toEqual(['ask taken psn-1#1', 'answered psn-1#1']);
});

test('junk for a request, an answer, a report or a grant is dropped, and what comes after it is heard', async () => {
  const [store, pan, psn] = [await join('store'), await join('ise-1'), await join('psn-1')];
  const answers: string[] = ['not JSON', '{}', '{"problem":{"kind":"worse"}}', '{"value":{"open":"none"}}'];
  // A PAN that was taken over answers as it likes.
  pan.connection.subscribe(pan.subjects.request('ise-1', 'ping', '*'), { callback: (_error, message) => message.respond(answers.shift() ?? '{"value":{"open":[]}}') });
  const [reports, grants] = [[] as string[], [] as number[]];
  store.onReport(({ agent, number }) => reports.push(`${agent} ${number}`));
  await psn.onGrant(({ number }) => grants.push(number));
  await Promise.all([store.connection.flush(), pan.connection.flush()]);

  for (const _junk of [...answers]) await expect(psn.ask('ise-1', 'ping', {})).rejects.toMatchObject({ code: 'no-answer', message: 'ise-1 answered "ping" with what is no answer' });
  expect(await psn.ask('ise-1', 'ping', {})).toEqual({ open: [] });
  for (const junk of ['not JSON', '{}', JSON.stringify(report('psn-2#1', 1)), JSON.stringify(report('psn-1', 1))]) psn.connection.publish(psn.subjects.work('psn-1'), junk);
  psn.report(report('psn-1#1', 2));
  for (const junk of ['not JSON', '{}', '{"number":"one"}']) store.connection.publish(store.subjects.grant('psn-1'), junk);
  store.grant('psn-1', { number: 1, time: 0, go: true });
  await Promise.all([psn.connection.flush(), store.connection.flush()]);
  await Promise.all([psn.connection.flush(), store.connection.flush()]);

  expect(reports).toEqual(['psn-1#1 2']);
  expect(grants).toEqual([1]);
});

test('a grant that is said twice is obeyed once, and one that is ahead of its turn not yet', async () => {
  const [store, psn, grants] = [await join('store'), await join('psn-1'), [] as number[]];
  await psn.onGrant(({ number }) => grants.push(number));
  for (const number of [1, 1, 3, 2, 3, 2, 4]) store.grant('psn-1', { number, time: 0, go: true });
  await store.connection.flush();
  await psn.connection.flush();

  expect(grants).toEqual([1, 2, 3, 4]);
});

test('a request that is asked again is answered again with the same, and neither handled nor counted again', async () => {
  const clock = new TestClock();
  const [psn, pan] = [await join('psn-1'), await join('ise-1', { clock })];
  let handled = 0;
  pan.answer('ping', () => Promise.resolve({ open: [{ what: `answer ${++handled}`, since: 0 }] }));
  await pan.connection.flush();
  const ask = (number: number, settled: number) =>
    psn.connection.request(psn.subjects.request('ise-1', 'ping', 'psn-1'), '{}', {
      timeout: 5_000,
      headers: headersWith({ 'Isesim-From': 'psn-1#1', 'Isesim-To': 'ise-1#1', 'Isesim-Ask': number, 'Isesim-Settled': settled }),
    });
  const answers = [await ask(1, 1), await ask(1, 1), await ask(2, 1), await ask(1, 1), await ask(3, 2), await ask(2, 2)].map((message) => message.json<{ value: { open: { what: string }[] } }>().value.open[0]?.what);

  expect(answers).toEqual(['answer 1', 'answer 1', 'answer 2', 'answer 1', 'answer 3', 'answer 2']);
  expect(clock.crossed).toEqual(['ask taken psn-1#1', 'answered psn-1#1', 'ask taken psn-1#1', 'answered psn-1#1', 'ask taken psn-1#1', 'answered psn-1#1']);
});

test('a time that is no number moves no clock', async () => {
  const clock = new TestClock(7);
  const [psn, pan] = [await join('psn-1'), await join('ise-1', { clock })];
  pan.answer('ping', () => Promise.resolve({ open: [] }));
  await pan.connection.flush();
  for (const time of ['NaN', 'Infinity', 'soon', '-5']) {
    await psn.connection.request(psn.subjects.request('ise-1', 'ping', 'psn-1'), '{}', { timeout: 5_000, headers: headersWith({ 'Isesim-To': 'ise-1#1', 'Isesim-Time': time }) });
  }

  expect(clock.now()).toBe(7);
});

function report(agent: string, number: number): WorkReport {
  return { agent, number, obeyed: 0, published: {}, taken: {}, asked: {}, asksTaken: {}, answered: {}, answersTaken: {}, closes: 0, closesTaken: {}, connections: [], waiting: [], sleeping: [], asides: 0 };
}
