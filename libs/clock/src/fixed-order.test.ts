import { setImmediate as macrotask } from 'node:timers/promises';
import { nameOf } from '@isesim/domain';
import { describe, expect, it } from 'vitest';
import { AgentClock } from './agent-clock.ts';
import { Coordinator } from './coordinator.ts';

/** Agents whose grants and reports arrive at once, put in order. `begun` is what began, in order. */
class OrderedClocks {
  readonly begun: string[] = [];
  readonly stalls: (() => void)[] = [];
  readonly clocks = new Map<string, AgentClock>();
  readonly coordinator: Coordinator;

  constructor(names: readonly string[]) {
    this.coordinator = new Coordinator({
      start: 0,
      wall: { now: () => 0, after: (_ms, call) => { this.stalls.push(call); return () => undefined; } },
      send: (agent, grant) => { this.clocks.get(nameOf(agent))?.obey(grant); },
      order: 'fixed',
      names,
    });
  }

  static async of(names: readonly string[], admitted = names): Promise<OrderedClocks> {
    const clocks = new OrderedClocks(names);
    for (const name of admitted) clocks.admit(name);
    await clocks.coordinator.putInOrder();
    return clocks;
  }

  admit(name: string, options: { onlooker?: boolean } = {}): AgentClock {
    const agent = `${name}#1`;
    const clock = new AgentClock({
      agent,
      start: 0,
      push: (report) => { this.coordinator.received(report); },
      onDefect: (what, error) => { throw new Error(what, { cause: error }); },
    });
    this.clocks.set(name, clock);
    this.coordinator.admit(agent, options);
    clock.hello();
    return clock;
  }

  enter(name: string, ...item: Parameters<AgentClock['enters']>): void {
    void this.of(name).enters(...item);
  }

  of(name: string): AgentClock {
    const clock = this.clocks.get(name);
    if (!clock) throw new RangeError(name);
    return clock;
  }

  /** The test does things from outside, of which no report tells yet. */
  async quiet(): Promise<void> {
    await Promise.all([...this.clocks.values()].map((clock) => clock.reported()));
    await this.coordinator.quiet();
  }

  async advance(to: number): Promise<void> {
    await this.quiet();
    await this.coordinator.advance(to);
  }

  /** A piece of work that takes a few turns of the event loop. */
  work(name: string, what: string): () => void {
    return () => { void this.of(name).start(what, () => this.note(`${name} ${what}`)); };
  }

  async note(what: string): Promise<void> {
    this.begun.push(`${what} begins`);
    await rest();
    this.begun.push(`${what} ends`);
  }
}

async function rest(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await macrotask();
}

function whole(...names: string[]): string[] {
  return names.flatMap((name) => [`${name} begins`, `${name} ends`]);
}

describe('in fixed order', () => {
  it('what has come in to several agents begins one after the other, by kind, then by place, then by the order of the agents', async () => {
    const clocks = await OrderedClocks.of(['ise-1', 'psn-1', 'psn-2']);
    const enter = (name: string, kind: 'reply' | 'request' | 'delivery', order: (string | number)[]) => { clocks.enter(name, kind, order, clocks.work(name, `${kind} ${order.join(' ')}`)); };
    const arrivals = async () => {
      enter('psn-2', 'delivery', ['config', 1]);
      enter('psn-2', 'request', ['operator', 2]);
      enter('psn-1', 'delivery', ['config', 1]);
      enter('psn-1', 'delivery', ['config', 2]);
      enter('ise-1', 'reply', [8]);
      enter('ise-1', 'request', ['operator', 3]);
      return rest();
    };
    clocks.enter('ise-1', 'request', ['operator', 1], () => { void clocks.of('ise-1').start('arrivals', arrivals); });
    await clocks.quiet();

    expect(clocks.begun).toEqual(
      whole('ise-1 reply 8', 'psn-2 request operator 2', 'ise-1 request operator 3', 'psn-1 delivery config 1', 'psn-2 delivery config 1', 'psn-1 delivery config 2'),
    );
  });

  it('timers that are due at one instant fire one after the other, in the order of the agents', async () => {
    const clocks = await OrderedClocks.of(['ise-1', 'psn-1'], ['psn-1', 'ise-1']);
    for (const [name, what, due] of [['psn-1', 'a', 10], ['psn-1', 'b', 5], ['ise-1', 'c', 10], ['ise-1', 'd', 10]] as const) {
      clocks.of(name).at(due, what, () => clocks.note(`${name} ${what}`));
    }
    await clocks.advance(10);

    expect(clocks.begun).toEqual(whole('psn-1 b', 'ise-1 c', 'ise-1 d', 'psn-1 a'));
  });

  it('what comes in waits until nothing runs, and time until nothing waits', async () => {
    const clocks = await OrderedClocks.of(['ise-1', 'psn-1']);
    clocks.of('ise-1').at(10, 'timer', async () => {
      clocks.enter('psn-1', 'delivery', ['alarms', 1], clocks.work('psn-1', 'delivery'));
      await clocks.note('ise-1 timer');
    });
    clocks.of('psn-1').at(10, 'later', () => clocks.note('psn-1 later'));
    await clocks.advance(10);

    expect(clocks.begun).toEqual(whole('ise-1 timer', 'psn-1 delivery', 'psn-1 later'));
  });

  it('work that a piece of work starts, and does not await, begins when that one has ended or waits', async () => {
    const clocks = await OrderedClocks.of(['ise-1']);
    const clock = clocks.of('ise-1');
    clock.at(10, 'parent', async () => {
      for (const name of ['first', 'second']) clocks.work('ise-1', name)();
      await clocks.note('ise-1 parent');
      await clock.sleep({ ms: 10 });
      await clocks.note('ise-1 parent again');
    });
    await clocks.advance(30);

    expect(clocks.begun).toEqual(whole('ise-1 parent', 'ise-1 first', 'ise-1 second', 'ise-1 parent again'));
  });

  it('several that wait for one thing go on one after the other', async () => {
    const clocks = await OrderedClocks.of(['ise-1']);
    const clock = clocks.of('ise-1');
    let open!: () => void;
    const opened = new Promise<void>((resolve) => { open = resolve; });
    for (const name of ['a', 'b']) {
      clock.at(10, name, async () => {
        await clock.slot(opened);
        await clocks.note(name);
      });
    }
    clock.at(20, 'opens', async () => {
      open();
      await clocks.note('opens');
    });
    await clocks.advance(20);

    expect(clocks.begun).toEqual(whole('opens', 'a', 'b'));
  });

  it('several whose sleep one piece of work ends go on one after the other, behind it', async () => {
    const clocks = await OrderedClocks.of(['ise-1']);
    const clock = clocks.of('ise-1');
    const heal = new AbortController();
    for (const name of ['a', 'b']) {
      clock.at(10, name, async () => {
        await clock.sleep({ ms: 1_000 }, heal.signal).catch(() => undefined);
        await clocks.note(`${name} at ${clock.now()}`);
      });
    }
    clock.at(20, 'heal', async () => {
      heal.abort();
      await clocks.note('heal');
    });
    await clocks.advance(100);

    expect(clocks.begun).toEqual(whole('heal', 'a at 20', 'b at 20'));
  });

  it('an aside holds up time, but nothing else', async () => {
    const clocks = await OrderedClocks.of(['ise-1', 'psn-1']);
    let written!: () => void;
    const disk = new Promise<void>((resolve) => { written = resolve; });
    clocks.enter('ise-1', 'delivery', ['config', 1], () => {
      void clocks.of('ise-1').start('delivery', () => {
        clocks.of('ise-1').aside('keep', () => disk);
        return clocks.note('ise-1 delivery');
      });
    });
    clocks.enter('psn-1', 'delivery', ['config', 1], clocks.work('psn-1', 'delivery'));
    clocks.of('psn-1').at(10, 'timer', () => clocks.note('psn-1 timer'));
    await Promise.all([clocks.of('ise-1').reported(), clocks.of('psn-1').reported()]);
    const advanced = clocks.coordinator.advance(10);
    for (let turn = 0; turn < 20; turn += 1) await rest();

    expect(clocks.begun).toEqual(whole('ise-1 delivery', 'psn-1 delivery'));
    expect(clocks.coordinator.blockers()).toEqual(['ise-1#1 has not finished 1 asides']);
    written();
    await advanced;
    expect(clocks.begun).toEqual(whole('ise-1 delivery', 'psn-1 delivery', 'psn-1 timer'));
  });

  it('who comes later is in order from the start, and an onlooker never', async () => {
    const clocks = await OrderedClocks.of(['operator', 'ise-1', 'psn-1'], ['ise-1']);
    clocks.admit('psn-1');
    clocks.admit('operator', { onlooker: true });
    await clocks.quiet();
    const taken = () => {
      void clocks.of('ise-1').start('request', () => {
        clocks.enter('psn-1', 'request', ['operator', 2], clocks.work('psn-1', 'request'));
        clocks.enter('operator', 'delivery', ['mail', 1], () => clocks.begun.push('operator delivery'));
        return clocks.note('ise-1 request');
      });
    };
    clocks.enter('ise-1', 'request', ['operator', 1], taken);
    await clocks.quiet();

    expect(clocks.begun).toEqual(['operator delivery', ...whole('ise-1 request', 'psn-1 request')]);
  });

  it('what happens from outside waits until all that was done has had its effect', async () => {
    const clocks = await OrderedClocks.of(['ise-1']);
    clocks.enter('ise-1', 'request', ['operator', 1], clocks.work('ise-1', 'request'));
    await clocks.of('ise-1').reported();
    await clocks.coordinator.touch();

    expect(clocks.begun).toEqual(whole('ise-1 request'));
  });

  it('what happens from outside does not wait for ever for what hangs', async () => {
    const clocks = await OrderedClocks.of(['ise-1']);
    clocks.enter('ise-1', 'request', ['operator', 1], () => { void clocks.of('ise-1').start('hangs', () => new Promise(() => undefined)); });
    await clocks.of('ise-1').reported();
    const touched = clocks.coordinator.touch();
    await rest();
    for (const stall of clocks.stalls) stall();
    await touched;

    expect(clocks.coordinator.blockers()).toEqual(['ise-1#1 has not finished grant 3 (has 2)']);
  });
});

it('an order that is not fixed leaves everything to begin as it comes', async () => {
  const received: string[] = [];
  const clock = new AgentClock({ agent: 'ise-1#1', start: 0, push: () => undefined, onDefect: () => undefined });
  expect(clock.enters('delivery', ['config', 1], () => received.push('delivery'))).toBeUndefined();
  await clock.start('parent', async () => {
    void clock.start('child', () => Promise.resolve(received.push('child')));
    received.push('parent');
    return Promise.resolve();
  });
  expect(received).toEqual(['delivery', 'child', 'parent']);
});
