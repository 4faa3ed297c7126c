import { setImmediate as macrotask } from 'node:timers/promises';
import { OutdatedWrite, streamsOf, subjectsOf, type Bus } from '@isesim/bus';
import { pageNames, Problem, seededRandom, type Alarm, type Guest, type HeldConfiguration, type World } from '@isesim/domain';
import type { OAuthMail } from '@isesim/oauth-mail';
import type { SettingsReplication } from '@isesim/settings-replication';
import { describe, expect, it } from 'vitest';
import { IseNode } from './ise-node.ts';
import type { MailDispatch } from './mail-dispatch.ts';
import { Reach } from './reach.ts';

const self = { name: 'ise-1', fqdn: 'ise-1.ise.example', address: '127.0.0.2', personas: ['pan' as const], roles: {} };
const empty: HeldConfiguration = { revision: 0, epoch: 0, primaryPan: undefined, pages: {}, writtenAt: {} };
const pages = { ...Object.fromEntries(pageNames.map((name) => [name, {}])), deployment: { domain: 'ise.example', iseVersion: '3.5P1', nodes: [] } } as HeldConfiguration['pages'];

/** A node whose configuration the test changes. */
function makeNode(first: HeldConfiguration = empty) {
  const listeners: ((held: HeldConfiguration) => void | Promise<void>)[] = [];
  const written = new Map<string, unknown>();
  let held = first;
  const settings = {
    held: () => held,
    onChange: (listener: (typeof listeners)[number]) => listeners.push(listener),
  };
  const bus = {
    streams: streamsOf('test'),
    subjects: subjectsOf('test'),
    writeFenced: (_stream: unknown, subject: string, value: unknown) => {
      if (written.has(subject)) return Promise.reject(new OutdatedWrite(subject));
      written.set(subject, value);
      return Promise.resolve(written.size);
    },
  };
  const reach = new Reach({ node: self.name, start: (_what, run) => { void run(); } });
  const world = { clock: { now: () => 1_000 }, work: { slot: <T>(wait: Promise<T>) => wait }, random: seededRandom(1, 'ise-1') };
  const node = new IseNode({
    self,
    world: world as unknown as World,
    bus: bus as unknown as Bus,
    settings: settings as unknown as SettingsReplication,
    dispatch: {} as MailDispatch,
    mail: {} as OAuthMail,
    reach,
    incarnation: 'ise-1#1',
    sealingKey: '',
    onDefect: () => undefined,
  });
  const change = async (next: Partial<HeldConfiguration>) => {
    held = { ...held, ...next, revision: held.revision + 1 };
    await Promise.all(listeners.map((listener) => listener(held)));
  };
  return { node, change, written, reach };
}

/** Notes when a duty is taken up and given back. */
function makeDuty() {
  const events: string[] = [];
  const take = () => {
    events.push('taken');
    return Promise.resolve(() => { events.push('released'); });
  };
  return { events, take };
}

describe('a duty', () => {
  it('is taken up once, when the node holds it and knows its whole configuration', async () => {
    const { node, change } = makeNode();
    const { events, take } = makeDuty();
    await node.whileHolding('primary PAN', take);
    await change({ primaryPan: 'ise-1' });
    expect(events).toEqual([]);

    await change({ pages });
    expect(events).toEqual(['taken']);

    await change({});
    await change({ epoch: 2 });
    expect(events).toEqual(['taken']);
  });

  it('is taken up at once by a node that holds it already', async () => {
    const { node } = makeNode({ ...empty, primaryPan: 'ise-1', pages });
    const { events, take } = makeDuty();
    await node.whileHolding('primary PAN', take);

    expect(events).toEqual(['taken']);
  });

  it("is not taken up while it is another's", async () => {
    const { node, change } = makeNode({ ...empty, primaryPan: 'ise-2', pages });
    const { events, take } = makeDuty();
    await node.whileHolding('primary PAN', take);
    await node.whileHolding('active MnT', take);
    await change({});

    expect(events).toEqual([]);
  });

  it('is given back once when it is lost, and can be taken up again', async () => {
    const { node, change } = makeNode({ ...empty, primaryPan: 'ise-1', pages });
    const { events, take } = makeDuty();
    await node.whileHolding('primary PAN', take);
    await change({ primaryPan: 'ise-2' });
    await change({});
    expect(events).toEqual(['taken', 'released']);

    await change({ primaryPan: 'ise-1' });
    expect(events).toEqual(['taken', 'released', 'taken']);
  });

  it('that could not be taken up is tried again with the next change', async () => {
    const { node, change } = makeNode({ ...empty, primaryPan: 'ise-2', pages });
    const { events, take } = makeDuty();
    let fails = true;
    await node.whileHolding('primary PAN', () => (fails ? Promise.reject(new Error('no accounts')) : take()));
    await expect(change({ primaryPan: 'ise-1' })).rejects.toThrow('no accounts');
    fails = false;
    await change({});
    expect(events).toEqual(['taken']);

    await change({ primaryPan: 'ise-2' });
    expect(events).toEqual(['taken', 'released']);
  });

  it('that is lost while it is being taken up is given back as soon as that is done', async () => {
    const { node, change } = makeNode({ ...empty, primaryPan: 'ise-1', pages });
    const events: string[] = [];
    let done: () => void = () => undefined;
    const holding = node.whileHolding('primary PAN', async () => {
      await new Promise<void>((resolve) => { done = resolve; });
      events.push('taken');
      return () => { events.push('released'); };
    });
    const lost = change({ primaryPan: 'ise-2' });
    await macrotask();
    expect(events).toEqual([]);

    done();
    await Promise.all([holding, lost]);
    expect(events).toEqual(['taken', 'released']);
  });

  it('that comes back while it is still being taken up is given back first', async () => {
    const { node, change } = makeNode({ ...empty, primaryPan: 'ise-1', pages });
    const events: string[] = [];
    const dones: (() => void)[] = [];
    const holding = node.whileHolding('primary PAN', async () => {
      events.push('begins');
      await new Promise<void>((resolve) => { dones.push(resolve); });
      events.push('taken');
      return () => { events.push('released'); };
    });
    const lost = change({ primaryPan: 'ise-2' });
    const back = change({ primaryPan: 'ise-1' });
    await macrotask();
    expect(events).toEqual(['begins']);

    dones[0]?.();
    await macrotask();
    dones[1]?.();
    await Promise.all([holding, lost, back]);
    expect(events).toEqual(['begins', 'taken', 'released', 'begins', 'taken']);
  });

  it('is known to be held, or whose it is', async () => {
    const { node, change } = makeNode();
    expect([node.holds('primary PAN'), node.holders()]).toEqual([false, {}]);

    await change({ primaryPan: 'ise-1' });
    expect([node.holds('primary PAN'), node.holds('active MnT'), node.holders()]).toEqual([true, false, { 'primary PAN': 'ise-1' }]);
  });
});

it('a page that has not arrived yet is a problem that says so', async () => {
  const { node, change } = makeNode();
  expect(() => node.page('portals')).toThrow(new Problem('refused', 'no-configuration', 'the configuration has no page portals yet', 'Wait until the node is Connected.'));

  await change({ pages });
  expect(node.page('deployment').domain).toBe('ise.example');
});

it('the same alarm twice at one moment is two alarms', async () => {
  const { node, written } = makeNode();
  const alarm: Omit<Alarm, 'id' | 'node' | 'raisedAt'> = { name: 'High CPU', severity: 'Warning', details: '' };
  const first = await node.raiseAlarm(alarm);
  const second = await node.raiseAlarm(alarm);

  expect(first).toMatchObject({ ...alarm, node: 'ise-1', raisedAt: 1_000 });
  expect(second.id).not.toBe(first.id);
  expect([...written.values()]).toEqual([first, second]);
});

it('an alarm that tells a fact is raised once, and another fact of its name is another alarm', async () => {
  const { node, written } = makeNode();
  const alarm: Omit<Alarm, 'id' | 'node' | 'raisedAt'> = { name: 'SMTP OAuth Client Secret is expired', severity: 'Critical', details: '' };
  await node.raiseAlarmOf('expired-2026-03-15', alarm);
  await node.raiseAlarmOf('expired-2026-03-15', { ...alarm, details: 'looked at again' });
  await node.raiseAlarmOf('expired-2026-08-01', alarm);

  expect([...written.values()]).toEqual([expect.objectContaining(alarm), expect.objectContaining(alarm)]);
});

it('a guest whose id is taken is not written over', async () => {
  const { node, written } = makeNode();
  const guest = { id: 'g1', email: 'ana@guest.example' } as Guest;
  expect(await node.writeGuest(guest)).toBe(true);
  expect(await node.writeGuest({ ...guest, email: 'ben@guest.example' })).toBe(false);

  expect([...written.values()]).toEqual([{ kind: 'guest', guest }]);
});
