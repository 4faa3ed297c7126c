import type { Alarm, Notification, WorkReport } from '@isesim/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { promiseParts, TestClock, TestNats } from './testing.ts';

// A server of its own for each test: it is killed as by "kill -9" and started again on the same port.
let nats: TestNats;
beforeEach(async () => {
  nats = await TestNats.start({ d: [{ name: 'ise-1', personas: ['pan', 'mnt'] }, { name: 'psn-1', personas: ['psn'] }] });
}, 30_000);
afterEach(async () => {
  await nats[Symbol.asyncDispose]();
});

const alarm = (id: string): Alarm => ({ id, name: 'High CPU', severity: 'Warning', details: '', node: 'psn-1', raisedAt: 0 });
const notification = (id: string): Notification => ({ id, purpose: 'portal-notification', template: 'guest-credentials', to: ['a@x.example'], data: {}, traceId: 't', at: 0 });

test('writes in flight when the server is killed are stored exactly once, and nothing that was acknowledged is lost', async () => {
  const bus = await nats.bus('d', 'psn-1');
  const outbox = bus.streams.outbox('psn', 'psn-1');
  const sequences = new Map<string, number>();
  let killed: Promise<void> | undefined;
  await inLanes(64, 600, async (index) => {
    const id = `n${index}`;
    sequences.set(id, await bus.writeOnce(outbox, bus.subjects.outbox('psn', 'psn-1', 'portal-notification', id), notification(id)));
    if (sequences.size === 200) killed = nats.kill().then(() => nats.restart());
  });
  await killed;

  const stored: [string, number][] = [];
  for await (const { sequence, value } of bus.readAll(outbox)) stored.push([value.id, sequence]);
  expect(stored).toHaveLength(600);
  expect(new Map(stored)).toEqual(sequences);
});

test('a chain of fenced writes goes on through two kills, each stored once and behind the one before', async () => {
  const bus = await nats.bus('d', 'ise-1');
  const { config } = bus.streams;
  const length = 300;
  const marks = [60, 170].map((at) => ({ at, ...promiseParts() }));
  const chain = (async () => {
    for (let fence = 0; fence < length; fence += 1) {
      expect(await bus.writeFenced(config, bus.subjects.config('ise-1', 'epoch'), { kind: 'epoch', epoch: fence + 1, primary: 'ise-1' }, fence)).toBe(fence + 1);
      marks.find(({ at }) => at === fence)?.resolve();
    }
  })();
  for (const { promise } of marks) {
    await promise;
    await nats.kill();
    await nats.restart();
  }
  await chain;

  const epochs: number[] = [];
  for await (const { value, fencedBehind, sequence } of bus.readAll(config)) {
    expect(fencedBehind).toBe(sequence - 1);
    epochs.push(value.epoch);
  }
  expect(epochs).toEqual(Array.from({ length }, (_, index) => index + 1));
});

test('writes behind the last of their subject go on through a kill, each stored once', async () => {
  const bus = await nats.bus('d', 'ise-1');
  const length = 100;
  let killed: Promise<void> | undefined;
  let last = 0;
  for (let count = 1; count <= length; count += 1) {
    const user = { name: 'ana', email: `ana${count}@x.example`, passwordChanged: 0, passwordNeverExpires: false };
    last = await bus.writeFenced(bus.streams.accounts, bus.subjects.internalUser('ana'), { kind: 'internal-user', user }, { lastOfSubject: last });
    if (count === 50) killed = nats.kill().then(() => nats.restart());
  }
  await killed;

  expect(last).toBe(length);
});

test('a node that may not read what it writes knows its own write again', async () => {
  const [bus, mnt] = [await nats.bus('d', 'psn-1'), await nats.bus('d', 'ise-1')];
  const sequences = new Map<string, number>();
  let killed: Promise<void> | undefined;
  await inLanes(64, 600, async (index) => {
    const id = `a${index}`;
    sequences.set(id, await bus.writeFenced(bus.streams.alarms, bus.subjects.alarm('psn-1', id), alarm(id), 'subject is new'));
    if (sequences.size === 200) killed = nats.kill().then(() => nats.restart());
  });
  await killed;

  const stored: [string, number][] = [];
  for await (const { sequence, value } of mnt.readAll(mnt.streams.alarms)) stored.push([value.id, sequence]);
  expect(stored).toHaveLength(600);
  expect(new Map(stored)).toEqual(sequences);
});

test('what is written and read while there is no server is done when it is back', async () => {
  const bus = await nats.bus('d', 'ise-1');
  const disconnected = nextStatus(bus, 'disconnect');
  await nats.kill();
  await disconnected;
  const written = bus.writeFenced(bus.streams.alarms, bus.subjects.alarm('ise-1', 'x'), alarm('x'), 'subject is new');
  const read = bus.readLast(bus.streams.accounts, bus.subjects.guest('nobody'));
  await nats.restart();

  expect(await written).toBe(1);
  expect(await read).toBeUndefined();
});

test('what the streams hold is told as soon as the server is back, also when the question was lost with it', async () => {
  const [store, psn] = [await nats.bus('d', 'store'), await nats.bus('d', 'psn-1')];
  await psn.writeOnce(psn.streams.alarms, psn.subjects.alarm('psn-1', 'x'), alarm('x'));
  const disconnected = nextStatus(store, 'disconnect');
  const asked = store.lastSequences(nats.members['d'] ?? []);
  await nats.kill();
  await disconnected;
  const askedOfNobody = store.lastSequences(nats.members['d'] ?? []);
  await nats.restart();

  const { name } = store.streams.alarms;
  expect(await Promise.all([asked, askedOfNobody])).toMatchObject([{ [name]: 1 }, { [name]: 1 }]);
});

test('who follows a stream takes what was written while its feed was cut, once and in order', async () => {
  const [writer, reader] = [await nats.bus('d', 'psn-1'), await nats.bus('d', 'ise-1')];
  const taken: string[] = [];
  const all = promiseParts();
  await reader.follow(reader.streams.alarms, ({ value }) => {
    taken.push(value.id);
    if (value.id === 'a149') all.resolve();
  });
  const ids = Array.from({ length: 150 }, (_, index) => `a${index}`);
  const half = promiseParts();
  const writing = (async () => {
    for (const id of ids) {
      await writer.writeOnce(writer.streams.alarms, writer.subjects.alarm('psn-1', id), alarm(id));
      if (id === 'a70') half.resolve();
    }
  })();
  await half.promise;
  await nats.kill();
  await nats.restart();
  await writing;
  await all.promise;

  expect(taken).toEqual(ids);
});

test('a request that was lost with the server is asked again, handled once and counted once on both sides', async () => {
  const [asking, answering] = [new TestClock(), new TestClock()];
  const [psn, pan] = [await nats.bus('d', 'psn-1', { clock: asking }), await nats.bus('d', 'ise-1', { clock: answering })];
  const [begun, go] = [promiseParts(), promiseParts()];
  let handled = 0;
  pan.answer('ping', async () => {
    handled += 1;
    begun.resolve();
    await go.promise;
    return { open: [] };
  });
  await pan.connection.flush();
  const taken = psn.ask('ise-1', 'ping', {});
  await begun.promise;
  const disconnected = Promise.all([nextStatus(psn, 'disconnect'), nextStatus(pan, 'disconnect')]);
  await nats.kill();
  await disconnected;
  const lost = psn.ask('ise-1', 'ping', {});
  // The answer to the first leaves for a server that is not there.
  go.resolve();
  await nats.restart();

  expect(await Promise.all([taken, lost])).toEqual([{ open: [] }, { open: [] }]);
  expect(handled).toBe(2);
  expect(asking.crossed.sort()).toEqual(['answer taken ise-1#1', 'answer taken ise-1#1', 'asked ise-1#1', 'asked ise-1#1']);
  expect(answering.crossed.sort()).toEqual(['answered psn-1#1', 'answered psn-1#1', 'ask taken psn-1#1', 'ask taken psn-1#1']);
});

test('reports and grants that were lost with the server are said again, and each grant is obeyed once', async () => {
  const [store, psn] = [await nats.bus('d', 'store'), await nats.bus('d', 'psn-1')];
  const [obeyed, heard, all] = [[] as number[], [] as number[], promiseParts()];
  const look = () => { if (heard.includes(2) && obeyed.includes(2)) all.resolve(); };
  store.onReport(({ number }) => {
    heard.push(number);
    look();
  });
  await psn.onGrant(({ number }) => {
    obeyed.push(number);
    look();
  });
  await store.connection.flush();
  const first = new Promise<void>((resolve) => { store.onReport(() => { resolve(); }); });
  await store.connection.flush();
  psn.report(report(1, 0));
  await first;
  store.grant('psn-1', { number: 1, time: 0, go: true });
  await store.connection.flush();
  await psn.connection.flush();
  const disconnected = Promise.all([nextStatus(psn, 'disconnect'), nextStatus(store, 'disconnect')]);
  await nats.kill();
  await disconnected;
  store.grant('psn-1', { number: 2, time: 0, go: true });
  psn.report(report(2, 1));
  await nats.restart();
  await all.promise;

  expect(obeyed).toEqual([1, 2]);
});

/** Runs 0 up to `count`, `lanes` at a time: so many are on their way whenever something happens. */
async function inLanes(lanes: number, count: number, run: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function report(number: number, obeyed: number): WorkReport {
  return { agent: 'psn-1#1', number, obeyed, published: {}, taken: {}, asked: {}, asksTaken: {}, answered: {}, answersTaken: {}, closes: 0, closesTaken: {}, connections: [], waiting: [], sleeping: [], asides: 0 };
}

async function nextStatus({ connection }: Awaited<ReturnType<TestNats['bus']>>, wanted: string): Promise<void> {
  for await (const { type } of connection.status()) if (type.valueOf() === wanted) return;
}
