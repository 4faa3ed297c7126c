import { OutdatedWrite, streamsOf } from '@isesim/bus';
import { expect, it } from 'vitest';
import type { NatsWay } from './nats-way.ts';
import { OwedAlarms } from './owed-alarms.ts';
import type { NodeBus } from './reachable-bus.ts';
import { Reach, type Cut } from './reach.ts';

/** A node that owes alarms; `written` is what has reached the others, in order. */
function makeNode(disk = new Map<string, string>()) {
  const written: string[] = [];
  const pending: Promise<void>[] = [];
  const waiting: (() => void)[] = [];
  const start = (_what: string, run: () => Promise<void>) => { pending.push(run()); };
  let late = false;
  let now = 0;
  const reach = new Reach({ node: 'psn-1', start });
  const way = { get late() { return late; }, sent: () => (late ? new Promise<boolean>((resolve) => { waiting.push(() => { resolve(true); }); }) : Promise.resolve(true)) };
  const bus = {
    streams: streamsOf('test'),
    writeFenced: (_stream: unknown, subject: string) => {
      if (written.includes(subject)) return Promise.reject(new OutdatedWrite(subject));
      return Promise.resolve(written.push(subject));
    },
  };
  const store = {
    read: (name: string) => Promise.resolve(disk.get(name)),
    write: (name: string, text: string) => {
      disk.set(name, text);
      return Promise.resolve();
    },
  };
  const alarms = new OwedAlarms({ bus: bus as unknown as NodeBus, reach, way: way as NatsWay, store, clock: { now: () => now }, start });
  const settled = async () => { for (let next = pending.shift(); next; next = pending.shift()) await next; };
  return {
    alarms,
    written,
    pass: () => { now += 1; },
    slow: () => { late = true; },
    letThrough: async () => {
      late = false;
      for (const go of waiting.splice(0)) go();
      await settled();
    },
    cut: async (cut: Cut) => {
      reach.change(cut);
      if (waiting.length === 0) await settled();
    },
  };
}

it('alarms of a node that is cut off are told when it reaches the others again', async () => {
  const { alarms, written, cut } = makeNode();
  expect(alarms.apply).toBe(false);
  await cut('isolated');
  expect(alarms.apply).toBe(true);
  await alarms.owe('alarm.1', {});
  await alarms.owe('alarm.2', {});
  expect(written).toEqual([]);
  await cut('none');
  expect(written).toEqual(['alarm.1', 'alarm.2']);
});

it('alarms on a slow way are told when it has let them through, once, also by a node that was cut off meanwhile', async () => {
  const { alarms, written, slow, cut, letThrough } = makeNode();
  slow();
  await alarms.owe('alarm.1', {});
  await alarms.owe('alarm.2', {});
  expect(written).toEqual([]);
  await cut('isolated');
  await letThrough();
  expect(written).toEqual([]);
  await cut('none');
  expect(written).toEqual(['alarm.1', 'alarm.2']);
});

it('an alarm that was raised before is none that is new', async () => {
  const { alarms, cut } = makeNode();
  alarms.told('alarm.1');
  await cut('isolated');
  await expect(alarms.owe('alarm.1', {})).rejects.toThrow(OutdatedWrite);
  await alarms.owe('alarm.2', {});
  await expect(alarms.owe('alarm.2', {})).rejects.toThrow(OutdatedWrite);
});

it('an alarm of an earlier moment, which cannot be raised again, is remembered no longer', async () => {
  const { alarms, pass, cut } = makeNode();
  alarms.told('alarm.1');
  pass();
  alarms.told('alarm.2');
  await cut('isolated');
  await expect(alarms.owe('alarm.2', {})).rejects.toThrow(OutdatedWrite);
  await expect(alarms.owe('alarm.1', {})).resolves.toBeUndefined();
});

it('what a node owed when it ended is told by its next incarnation, and then no more', async () => {
  const disk = new Map<string, string>();
  const ended = makeNode(disk);
  await ended.cut('isolated');
  await ended.alarms.owe('alarm.1', {});

  const next = makeNode(disk);
  await next.cut('isolated');
  await next.alarms.restore();
  expect(next.written).toEqual([]);
  await next.cut('none');
  expect(next.written).toEqual(['alarm.1']);

  const last = makeNode(disk);
  await last.alarms.restore();
  await last.cut('isolated');
  await last.cut('none');
  expect(last.written).toEqual([]);
});
