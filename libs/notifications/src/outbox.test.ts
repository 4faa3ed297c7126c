import { OutdatedWrite, streamsOf, subjectsOf, type Bus, type StoredMessage, type Stream } from '@isesim/bus';
import { TestNats } from '@isesim/bus/testing';
import type { MailEnd, Notification } from '@isesim/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

const notification = (id: string, changes: Partial<Notification> = {}): Notification => ({
  id,
  purpose: 'portal-notification',
  template: 'guest-credentials',
  to: ['ana@guest.example'],
  data: {},
  traceId: 'trace',
  at: 0,
  ...changes,
});
const accepted = (notificationId: string, changes: Partial<MailEnd> = {}): MailEnd => ({
  notificationId,
  end: 'accepted',
  outcome: { kind: 'accepted', reply: { code: 250, text: 'OK' } },
  attempts: 1,
  settingsRevision: 1,
  at: 0,
  ...changes,
});

/** The few methods of a bus that an outbox uses, over streams in memory. */
function memoryBus(): Bus {
  const stored = new Map<string, { subject: string; text: string }[]>();
  const of = (stream: Stream<unknown>) => stored.get(stream.name) ?? stored.set(stream.name, []).get(stream.name) ?? [];
  const message = <T>(stream: Stream<T>, index: number): StoredMessage<T> | undefined => {
    const entry = of(stream)[index];
    return entry && { subject: entry.subject, sequence: index + 1, time: 0, fencedBehind: undefined, value: stream.schema.parse(JSON.parse(entry.text)) };
  };
  const readLast = async <T>(stream: Stream<T>, subject: string) => {
    await Promise.resolve();
    return message(stream, of(stream).findLastIndex((entry) => entry.subject === subject));
  };
  const writeNew = async <T>(stream: Stream<T>, subject: string, value: T) => {
    await Promise.resolve();
    if (of(stream).some((entry) => entry.subject === subject)) throw new OutdatedWrite(subject);
    return of(stream).push({ subject, text: JSON.stringify(value) });
  };
  return {
    streams: streamsOf('d'),
    subjects: subjectsOf('d'),
    readLast,
    readAll: async function* <T>(stream: Stream<T>) {
      for (let index = 0; index < of(stream).length; index += 1) {
        await Promise.resolve();
        const next = message(stream, index);
        if (next) yield next;
      }
    },
    writeFenced: writeNew,
    writeOnce: async <T>(stream: Stream<T>, subject: string, value: T) => {
      const standing = await readLast(stream, subject);
      if (JSON.stringify(standing?.value) === JSON.stringify(value)) return standing?.sequence ?? 0;
      return writeNew(stream, subject, value);
    },
  } as unknown as Bus;
}

const deployments = Array.from({ length: 20 }, (_, index) => `d${index}`);
let nats: TestNats;
beforeAll(async () => {
  nats = await TestNats.start(Object.fromEntries(deployments.map((d) => [d, [{ name: 'ise-1', personas: ['pan', 'psn'] }, { name: 'ise-2', personas: ['pan', 'psn'] }]])));
}, 30_000);
afterAll(async () => {
  await nats[Symbol.asyncDispose]();
});

// What a fake shows must be true of the real thing.
describe.each([
  { what: 'in memory', buses: () => { const bus = memoryBus(); return Promise.resolve([bus, bus] as const); } },
  { what: 'on a real server', buses: async () => { const d = deployments.pop() ?? ''; return [await nats.bus(d, 'ise-1'), await nats.bus(d, 'ise-2')] as const; } },
])('an outbox $what', ({ buses }) => {
  let bus: Bus;
  let peersBus: Bus;
  beforeEach(async () => {
    [bus, peersBus] = await buses();
  });
  const ids = async (outbox: Outbox) => {
    const found: string[] = [];
    for await (const { id } of outbox.undone()) found.push(id);
    return found;
  };

  test('keeps a notification until its end is known, oldest first', async () => {
    const outbox = new Outbox({ bus, persona: 'psn', node: 'ise-1' });
    for (const id of ['a', 'b', 'c']) expect(await outbox.enqueue(notification(id))).toBe('new');
    await outbox.end(accepted('b'));

    expect(await ids(outbox)).toEqual(['a', 'c']);
    expect(await outbox.has(notification('b'))).toBe(true);
    expect(await outbox.has(notification('z'))).toBe(false);
    expect(await outbox.endOf('a')).toBeUndefined();
    expect(await outbox.endOf('b')).toEqual(accepted('b'));
  });

  test('knows a fact that was told before, also when it is told in other words', async () => {
    const outbox = new Outbox({ bus, persona: 'psn', node: 'ise-1' });
    await outbox.enqueue(notification('a'));

    expect(await outbox.enqueue(notification('a'))).toBe('known');
    expect(await outbox.enqueue(notification('a', { at: 5, data: { reason: 'other' } }))).toBe('known');
    expect(await ids(outbox)).toEqual(['a']);
  });

  test('tells only one of several that tell the same fact at once that it was new, so one mail follows', async () => {
    const outbox = new Outbox({ bus, persona: 'psn', node: 'ise-1' });
    const told = await Promise.all([notification('a'), notification('a'), notification('a', { at: 5 })].map((each) => outbox.enqueue(each)));

    expect(told.sort()).toEqual(['known', 'known', 'new']);
    expect(await ids(outbox)).toEqual(['a']);
  });

  test('knows after its end that a fact was told', async () => {
    const outbox = new Outbox({ bus, persona: 'psn', node: 'ise-1' });
    await outbox.enqueue(notification('a'));
    await outbox.end(accepted('a'));

    expect(await outbox.enqueue(notification('a'))).toBe('known');
    expect(await ids(outbox)).toEqual([]);
  });

  test('keeps the first end of a mail that two ended at once', async () => {
    const outbox = new Outbox({ bus, persona: 'psn', node: 'ise-1' });
    await outbox.enqueue(notification('a'));
    await outbox.end(accepted('a'));
    await outbox.end(accepted('a'));
    await outbox.end(accepted('a', { end: 'dead-lettered', attempts: 9 }));

    expect(await outbox.endOf('a')).toEqual(accepted('a'));
  });

  test('is one for each persona of each node', async () => {
    const outboxes = [new Outbox({ bus, persona: 'psn', node: 'ise-1' }), new Outbox({ bus, persona: 'pan', node: 'ise-1' }), new Outbox({ bus: peersBus, persona: 'psn', node: 'ise-2' })];
    const [psn, pan, other] = outboxes;
    await psn?.enqueue(notification('a'));
    await pan?.enqueue(notification('a', { purpose: 'guest-expiry', template: 'guest-expiry-notice' }));
    await other?.enqueue(notification('a'));
    await psn?.end(accepted('a'));

    expect(await Promise.all(outboxes.map(ids))).toEqual([[], ['a'], ['a']]);
  });

  test('of a peer can be read and ended by who takes its duty over', async () => {
    const own = new Outbox({ bus, persona: 'pan', node: 'ise-1' });
    const takenOver = new Outbox({ bus: peersBus, persona: 'pan', node: 'ise-1' });
    const told = notification('a', { purpose: 'guest-expiry', template: 'guest-expiry-notice' });
    await own.enqueue(told);

    expect(await takenOver.has(told)).toBe(true);
    expect(await ids(takenOver)).toEqual(['a']);
    await takenOver.end(accepted('a'));
    expect(await ids(own)).toEqual([]);
  });
});

test('an outbox whose bus fails says so, and takes nothing for known', async () => {
  const bus = Object.assign(memoryBus(), { writeFenced: () => Promise.reject(new Error('no space')) });
  const outbox = new Outbox({ bus, persona: 'psn', node: 'ise-1' });

  await expect(outbox.enqueue(notification('a'))).rejects.toThrow('no space');
  expect(await outbox.has(notification('a'))).toBe(false);
});
