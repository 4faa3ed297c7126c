import { setImmediate as macrotask } from 'node:timers/promises';
import type { Grant, WorkReport } from '@isesim/domain';
import { describe, expect, it, vi } from 'vitest';
import { AgentClock } from './agent-clock.ts';
import { Coordinator } from './coordinator.ts';
import type { Wall } from './wall.ts';

/** A wall clock that the test moves. */
class FakeWall implements Wall {
  #now = 1_000_000;
  readonly #calls = new Set<{ at: number; call: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.#now + ms, call };
    this.#calls.add(entry);
    return () => {
      this.#calls.delete(entry);
    };
  }

  /** How many calls are still to come: what would keep a process alive. */
  get pending(): number {
    return this.#calls.size;
  }

  /** Lets real time pass, and what follows from it happen. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await rest();
      const next = [...this.#calls].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      this.#calls.delete(next);
      next.call();
    }
    this.#now = end;
    await rest();
  }

  setBack(ms: number): void {
    this.#now -= ms;
  }
}

/** A coordinator and its agents in one process; grants and reports arrive at once. `events` is all that happened, in order. */
class TestClocks {
  readonly wall = new FakeWall();
  readonly events: string[] = [];
  readonly stalls: string[][] = [];
  readonly defects: string[] = [];
  readonly clocks = new Map<string, AgentClock>();
  readonly coordinator = new Coordinator({
    start: 0,
    wall: this.wall,
    send: (agent, grant) => {
      this.events.push(describeGrant(agent, grant));
      if (!this.deaf.has(agent)) this.clocks.get(agent)?.obey(grant);
    },
    onStall: (blockers) => this.stalls.push(blockers),
    onDefect: (what, error) => this.defects.push(`${what}: ${String(error)}`),
  });
  /** Agents that grants do not reach. */
  readonly deaf = new Set<string>();

  async agent(name: string, options: { address?: string; double?: boolean } = {}): Promise<AgentClock> {
    const clock = new AgentClock({
      agent: name,
      start: this.coordinator.now(),
      push: (report) => { this.coordinator.received(report); },
      onDefect: (what, error) => { throw new Error(`${name}: ${what}`, { cause: error }); },
    });
    this.clocks.set(name, clock);
    this.coordinator.admit(name, options);
    clock.hello();
    await rest();
    return clock;
  }

  /** Work at `due` that notes itself. */
  at(clock: AgentClock, due: number, name: string, then: () => Promise<void> = () => Promise.resolve()): void {
    clock.at(due, name, () => {
      this.events.push(`${name} at ${clock.now()}`);
      return then();
    });
  }

  /** Forgets what happened so far. */
  forget(): void {
    this.events.length = 0;
  }
}

function describeGrant(agent: string, { time, go, incarnations }: Grant): string {
  const names = Object.values(incarnations ?? {});
  return `${go ? 'go' : 'tell'} ${agent} ${time}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
}

async function rest(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await macrotask();
}

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Notes when the promise is settled. */
function watch(promise: Promise<unknown>): { settled: boolean } {
  const state = { settled: false };
  void promise.finally(() => {
    state.settled = true;
  });
  return state;
}

describe('advancing', () => {
  it('does all that is due on the way, the end included, and nothing behind it', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    for (const due of [10, 20, 21]) clocks.at(node, due, 'work');
    await rest();
    clocks.forget();
    await clocks.coordinator.advance(20);

    expect(clocks.events).toEqual(['go psn-1#1 10', 'work at 10', 'go psn-1#1 20', 'work at 20']);
    expect(clocks.coordinator.now()).toBe(20);
  });

  it('does what falls due because of what was due', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    clocks.at(node, 10, 'first', () => {
      clocks.at(node, 15, 'second');
      return Promise.resolve();
    });
    await rest();
    await clocks.coordinator.advance(20);

    expect(clocks.events.slice(-1)).toEqual(['second at 15']);
  });

  it('goes to the end when nothing is due', async () => {
    const clocks = new TestClocks();
    await clocks.agent('psn-1#1');
    await clocks.coordinator.advance(90);

    expect(clocks.coordinator.now()).toBe(90);
  });

  it('to a moment that has passed leaves the time as it is', async () => {
    const clocks = new TestClocks();
    await clocks.agent('psn-1#1');
    await clocks.coordinator.advance(90);
    await clocks.coordinator.advance(10);

    expect(clocks.coordinator.now()).toBe(90);
  });

  it('finishes what is due at one time, whoever it belongs to, before the next', async () => {
    const clocks = new TestClocks();
    const one = await clocks.agent('psn-1#1');
    const two = await clocks.agent('psn-2#1');
    const slow = gate();
    clocks.at(one, 10, 'slow', () => one.outside('write', () => slow.opened));
    clocks.at(two, 10, 'quick');
    clocks.at(two, 11, 'next');
    await rest();
    clocks.forget();
    const advance = watch(clocks.coordinator.advance(20));
    await rest();
    expect(clocks.events).toEqual(['go psn-1#1 10', 'slow at 10', 'go psn-2#1 10', 'quick at 10']);
    expect(advance.settled).toBe(false);
    expect(clocks.coordinator.blockers()).toEqual(['psn-1#1 has not finished grant 2 (has 1)']);

    slow.open();
    await rest();
    expect(clocks.events.slice(4)).toEqual(['go psn-2#1 11', 'next at 11']);
    expect(advance.settled).toBe(true);
  });

  it('waits for an advance that was asked for before', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    const slow = gate();
    clocks.at(node, 10, 'slow', () => node.outside('write', () => slow.opened));
    await rest();
    const first = watch(clocks.coordinator.advance(20));
    const second = watch(clocks.coordinator.advance(30));
    await rest();
    expect([first.settled, second.settled, clocks.coordinator.now()]).toEqual([false, false, 10]);

    slow.open();
    await rest();
    expect([first.settled, second.settled, clocks.coordinator.now()]).toEqual([true, true, 30]);
  });

  it('stands still until an agent that is expected has reported', async () => {
    const clocks = new TestClocks();
    clocks.coordinator.admit('psn-1#1');
    const advance = watch(clocks.coordinator.advance(20));
    await rest();
    expect(clocks.coordinator.blockers()).toEqual(['psn-1#1 has not reported yet']);
    expect(advance.settled).toBe(false);

    await clocks.agent('psn-1#1');
    expect(advance.settled).toBe(true);
  });
});

describe('being quiet', () => {
  it('is when nothing is open any more', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    const slow = gate();
    clocks.at(node, 10, 'slow', () => node.outside('write', () => slow.opened));
    await rest();
    void clocks.coordinator.advance(10);
    await rest();
    const quiet = watch(clocks.coordinator.quiet());
    await rest();
    expect(quiet.settled).toBe(false);

    slow.open();
    await rest();
    expect(quiet.settled).toBe(true);
  });

  it('is judged by the newest report of an agent, in whatever order they come', async () => {
    const clocks = new TestClocks();
    const reports: WorkReport[] = [];
    const clock = new AgentClock({ agent: 'psn-1#1', start: 0, push: (report) => reports.push(report), onDefect: () => undefined });
    const { coordinator } = clocks;
    coordinator.admit('psn-1#1');
    clock.taken('config', 1);
    await rest();
    clock.taken('config', 2);
    clock.obey({ number: 1, time: 0, go: true });
    await rest();
    for (const report of [...reports].reverse()) coordinator.received(report);
    coordinator.strike('ise-1#1', { config: 2 });

    expect(coordinator.blockers()).toEqual([]);
  });

  it('does not mind reports of an agent that was never expected', async () => {
    const clocks = new TestClocks();
    const stranger = new AgentClock({ agent: 'psn-9#1', start: 0, push: (report) => { clocks.coordinator.received(report); }, onDefect: () => undefined });
    stranger.asked('psn-1#1');
    await clocks.agent('psn-1#1');
    await rest();

    expect(clocks.coordinator.blockers()).toEqual([]);
  });
});

describe('the Microsoft 365 double, which learns the time from nobody else', () => {
  const make = async () => {
    const clocks = new TestClocks();
    const double = await clocks.agent('microsoft365#1', { double: true });
    const node = await clocks.agent('psn-1#1', { address: '127.0.0.2' });
    clocks.forget();
    return { clocks, double, node };
  };

  it('is told the time before a node acts', async () => {
    const { clocks, node, double } = await make();
    clocks.at(node, 10, 'submit', () => {
      clocks.events.push(`the double is at ${double.now()}`);
      return Promise.resolve();
    });
    await rest();
    await clocks.coordinator.advance(10);

    expect(clocks.events.slice(0, 4)).toEqual(['tell microsoft365#1 10', 'go psn-1#1 10', 'submit at 10', 'the double is at 10']);
  });

  it('has taken the time before any node is let go', async () => {
    const { clocks, node } = await make();
    clocks.at(node, 10, 'submit');
    await rest();
    clocks.deaf.add('microsoft365#1');
    void clocks.coordinator.advance(10);
    await rest();

    expect(clocks.events).toEqual(['tell microsoft365#1 10']);
  });

  it('wakes only when the nodes that wait for it have been told the time', async () => {
    const { clocks, node, double } = await make();
    const other = await clocks.agent('psn-2#1', { address: '127.0.0.3' });
    const answer = gate();
    clocks.forget();
    const connection = '127.0.0.2:4000';
    const submitted = node.start('submit', async () => {
      await node.socket(connection, () => answer.opened);
      clocks.events.push(`answered at ${node.now()}`);
    });
    void double.start('serve', async () => {
      await double.sleeping(connection, () => double.sleep({ ms: 10 }));
      answer.open();
    });
    await rest();
    await clocks.coordinator.advance(20);
    await submitted;

    expect(clocks.events).toEqual(['tell microsoft365#1 10', 'tell psn-1#1 10', 'go microsoft365#1 10', 'answered at 10', 'tell microsoft365#1 20']);
    expect(other.now()).toBe(0);
  });

  describe('and a client of its that is no node', () => {
    const sleeper = (double: AgentClock, connection: string, ms: number) =>
      watch(double.start('serve', () => double.sleeping(connection, () => double.sleep({ ms }))));

    it('gets the time that it waits for, when it waits, and no more', async () => {
      const { clocks, double } = await make();
      const due = watch(double.start('first', () => double.sleep({ ms: 50 })));
      const [first, second] = [sleeper(double, '127.0.0.1:4000', 10), sleeper(double, '127.0.0.1:4001', 20)];
      await rest();
      await rest();

      expect([first.settled, second.settled, due.settled]).toEqual([true, true, false]);
      expect(clocks.coordinator.now()).toBe(20);
    });

    it('gets what is due before that done first, also of others', async () => {
      const { clocks, double, node } = await make();
      clocks.at(node, 5, 'reminder');
      sleeper(double, '127.0.0.1:4000', 10);
      await rest();
      await rest();

      expect(clocks.events.filter((event) => !event.startsWith('tell'))).toEqual(['go psn-1#1 5', 'reminder at 5', 'go microsoft365#1 10']);
    });

    it('is not mistaken for a node that waits, nor for one that is paused meanwhile', async () => {
      const { clocks, double, node } = await make();
      const connection = '127.0.0.2:4000';
      void node.start('submit', () => node.socket(connection, () => gate().opened));
      sleeper(double, connection, 10);
      await rest();
      clocks.coordinator.suspend('psn-1#1', {});
      double.connectionOpened('127.0.0.9:1');
      await rest();

      expect(clocks.coordinator.now()).toBe(0);
    });

    it('is known where addresses tell nothing: by nobody waiting on its connection', async () => {
      const clocks = new TestClocks();
      const double = await clocks.agent('microsoft365#1', { double: true });
      const node = await clocks.agent('psn-1#1');
      void node.start('submit', () => node.socket('127.0.0.1:4000', () => gate().opened));
      sleeper(double, '127.0.0.1:4000', 10);
      await rest();
      expect(clocks.coordinator.now()).toBe(0);

      sleeper(double, '127.0.0.1:5000', 7);
      await rest();
      expect(clocks.coordinator.now()).toBe(7);
    });

    it('gets the next time that it waits for also when giving it time has failed once', async () => {
      const { clocks, double } = await make();
      vi.spyOn(clocks.wall, 'now').mockImplementationOnce(() => { throw new Error('no wall'); });
      sleeper(double, '127.0.0.1:4000', 10);
      await rest();
      expect(clocks.defects).toEqual(['time for a client from outside: Error: no wall']);

      sleeper(double, '127.0.0.1:4000', 10);
      await rest();
      await rest();
      expect(clocks.coordinator.now()).toBe(20);
    });
  });

  it('is told the time at the end of an advance', async () => {
    const { clocks, double } = await make();
    await clocks.coordinator.advance(90);

    expect(clocks.events).toEqual(['tell microsoft365#1 90']);
    expect(double.now()).toBe(90);
  });
});

describe('an agent that died', () => {
  it('holds nothing up any more', async () => {
    const clocks = new TestClocks();
    const pan = await clocks.agent('ise-1#1');
    const psn = await clocks.agent('psn-1#1');
    psn.asked('ise-1#1');
    pan.answered('psn-1#1');
    clocks.at(psn, 5, 'never done', () => new Promise<void>(() => undefined));
    await rest();
    const advance = watch(clocks.coordinator.advance(20));
    await rest();
    expect(clocks.coordinator.blockers()).not.toEqual([]);

    clocks.coordinator.strike('psn-1#1', {});
    await rest();
    expect(clocks.coordinator.blockers()).toEqual([]);
    expect(advance.settled).toBe(true);
  });

  it('leaves what it wrote to be taken, though it never reported it', async () => {
    const clocks = new TestClocks();
    const pan = await clocks.agent('ise-1#1');
    await clocks.agent('psn-1#1');
    pan.taken('alarms', 3);
    await rest();
    clocks.coordinator.strike('psn-1#1', { alarms: 4, mail: 9 });
    const advance = watch(clocks.coordinator.advance(20));
    await rest();
    expect(clocks.coordinator.blockers()).toEqual(['ise-1#1 has taken 3 of 4 of stream alarms']);
    expect(advance.settled).toBe(false);

    pan.taken('alarms', 4);
    await rest();
    expect(advance.settled).toBe(true);
  });

  it('of which another death was told earlier and less does not lower what is to be taken', async () => {
    const clocks = new TestClocks();
    const pan = await clocks.agent('ise-1#1');
    pan.taken('alarms', 3);
    await rest();
    clocks.coordinator.strike('psn-1#1', { alarms: 4 });
    clocks.coordinator.strike('psn-2#1', { alarms: 2 });

    expect(clocks.coordinator.blockers()).toEqual(['ise-1#1 has taken 3 of 4 of stream alarms']);
  });

  it('holds time up until the double has closed the connections that it left', async () => {
    const clocks = new TestClocks();
    const double = await clocks.agent('microsoft365#1', { double: true });
    await clocks.agent('psn-1#1', { address: '127.0.0.2' });
    double.connectionOpened('127.0.0.2:4000');
    double.connectionOpened('127.0.0.3:4000');
    clocks.coordinator.strike('psn-1#1', {});
    const advance = watch(clocks.coordinator.advance(20));
    await rest();
    expect(clocks.coordinator.blockers()).toEqual(['connections of a node that died at 127.0.0.2 are not all closed yet']);

    double.connectionClosed('127.0.0.2:4000');
    await rest();
    expect(clocks.coordinator.blockers()).toEqual([]);
    expect(advance.settled).toBe(true);
  });

  it("hands the count of its closes on, so that its successor's are counted from there", async () => {
    const clocks = new TestClocks();
    const double = await clocks.agent('microsoft365#1', { double: true });
    const node = await clocks.agent('psn-1#1', { address: '127.0.0.2' });
    for (const port of [1, 2]) double.connectionOpened(`127.0.0.2:${port}`);
    node.closed();
    double.connectionClosed('127.0.0.2:1');
    await rest();
    clocks.coordinator.strike('psn-1#1', {});
    double.connectionClosed('127.0.0.2:2');
    await rest();
    const successor = await clocks.agent('psn-1#2', { address: '127.0.0.2' });
    expect(clocks.coordinator.blockers()).toEqual([]);

    successor.closed();
    await rest();
    expect(clocks.coordinator.blockers()).toEqual(['connections from 127.0.0.2: 3 closed, Microsoft 365 has taken 2']);
  });

  it("has its connections closed before its successor begins and opens connections of its own", async () => {
    const clocks = new TestClocks();
    const double = await clocks.agent('microsoft365#1', { double: true });
    await clocks.agent('psn-1#1', { address: '127.0.0.2' });
    double.connectionOpened('127.0.0.2:4000');
    clocks.coordinator.strike('psn-1#1', {});
    clocks.forget();
    await clocks.agent('psn-1#2', { address: '127.0.0.2' });
    expect(clocks.events.filter((event) => event.startsWith('go'))).toEqual([]);

    double.connectionClosed('127.0.0.2:4000');
    await rest();
    expect(clocks.events.filter((event) => event.startsWith('go'))).toEqual(['go psn-1#2 0 (psn-1#2)']);
    expect(clocks.coordinator.blockers()).toEqual([]);
  });
});

describe('an incarnation that is paused', () => {
  it('is passed by, and does what fell due meanwhile as soon as it goes on', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1', { address: '127.0.0.2' });
    clocks.at(node, 10, 'due meanwhile');
    await rest();
    clocks.forget();
    clocks.coordinator.suspend('psn-1#1', {});
    await clocks.coordinator.advance(20);
    expect(clocks.events).toEqual([]);
    expect(clocks.coordinator.now()).toBe(20);

    clocks.coordinator.resume('psn-1#1');
    await clocks.coordinator.advance(20);
    expect(clocks.events).toEqual(['go psn-1#1 20', 'due meanwhile at 20']);
  });

  it('holds nobody up, whatever it was doing', async () => {
    const clocks = new TestClocks();
    await clocks.agent('microsoft365#1', { double: true });
    const node = await clocks.agent('psn-1#1', { address: '127.0.0.2' });
    node.asked('microsoft365#1');
    void node.start('submit', () => node.socket('127.0.0.2:4000', () => new Promise<void>(() => undefined)));
    clocks.at(node, 10, 'hangs', () => node.outside('write', () => new Promise<void>(() => undefined)));
    await rest();
    const advance = watch(clocks.coordinator.advance(20));
    await rest();
    expect(advance.settled).toBe(false);

    clocks.coordinator.suspend('psn-1#1', {});
    await rest();
    expect(advance.settled).toBe(true);
  });

  it('leaves what it wrote to be taken', async () => {
    const clocks = new TestClocks();
    const pan = await clocks.agent('ise-1#1');
    await clocks.agent('psn-1#1');
    pan.taken('alarms', 3);
    await rest();
    clocks.coordinator.suspend('psn-1#1', { alarms: 4 });

    expect(clocks.coordinator.blockers()).toEqual(['ise-1#1 has taken 3 of 4 of stream alarms']);
  });

  it('holds time up when it goes on until it has taken what was sent to it meanwhile', async () => {
    const clocks = new TestClocks();
    const pan = await clocks.agent('ise-1#1');
    const node = await clocks.agent('psn-1#1');
    node.taken('config', 1);
    await rest();
    clocks.coordinator.suspend('psn-1#1', {});
    pan.published('config', 2);
    await rest();
    expect(clocks.coordinator.blockers()).toEqual([]);

    clocks.coordinator.resume('psn-1#1');
    expect(clocks.coordinator.blockers()).toEqual(['psn-1#1 has taken 1 of 2 of stream config']);
    node.taken('config', 2);
    await rest();
    expect(clocks.coordinator.blockers()).toEqual([]);
  });

  it('learns when it goes on which incarnations have begun meanwhile', async () => {
    const clocks = new TestClocks();
    await clocks.agent('ise-1#1');
    await clocks.agent('psn-1#1');
    clocks.coordinator.suspend('psn-1#1', {});
    clocks.coordinator.strike('ise-1#1', {});
    await clocks.agent('ise-1#2');
    clocks.forget();
    clocks.coordinator.resume('psn-1#1');
    await rest();

    expect(clocks.events).toEqual(['tell psn-1#1 0 (ise-1#2)']);
    expect(clocks.coordinator.blockers()).toEqual([]);
  });

  it('can be killed', async () => {
    const clocks = new TestClocks();
    await clocks.agent('microsoft365#1', { double: true });
    const node = await clocks.agent('psn-1#1', { address: '127.0.0.2' });
    node.closed();
    await rest();
    clocks.coordinator.suspend('psn-1#1', {});
    clocks.coordinator.strike('psn-1#1', {});
    await rest();
    clocks.coordinator.resume('psn-1#1');

    expect(clocks.coordinator.blockers()).toEqual([]);
  });
});

describe('an incarnation', () => {
  it('that is the first of its name begins by a grant that names nobody', async () => {
    const clocks = new TestClocks();
    await clocks.agent('psn-1#1');

    expect(clocks.events).toEqual(['go psn-1#1 0']);
  });

  it('that is a second one is announced to all others before it begins', async () => {
    const clocks = new TestClocks();
    await clocks.agent('ise-1#1');
    await clocks.agent('psn-1#1');
    clocks.coordinator.strike('psn-1#1', {});
    clocks.deaf.add('ise-1#1');
    clocks.forget();
    const successor = await clocks.agent('psn-1#2');
    expect(clocks.events).toEqual(['tell ise-1#1 0 (psn-1#2)']);

    clocks.deaf.clear();
    clocks.clocks.get('ise-1#1')?.obey({ number: 2, time: 0, go: false });
    await rest();
    expect(clocks.events).toEqual(['tell ise-1#1 0 (psn-1#2)', 'go psn-1#2 0 (psn-1#2)']);
    expect(successor.openWork()).toEqual([]);
  });

  it('of any name learns of all that are not the first of theirs', async () => {
    const clocks = new TestClocks();
    await clocks.agent('psn-1#3');
    clocks.forget();
    await clocks.agent('psn-2#1');

    expect(clocks.events).toEqual(['go psn-2#1 0 (psn-1#3)']);
  });

  it('that dies while it is announced does not begin', async () => {
    const clocks = new TestClocks();
    await clocks.agent('ise-1#1');
    clocks.deaf.add('ise-1#1');
    await clocks.agent('psn-1#2');
    clocks.coordinator.strike('psn-1#2', {});
    clocks.clocks.get('ise-1#1')?.obey({ number: 2, time: 0, go: false });
    await rest();

    expect(clocks.events.filter((event) => event.startsWith('go psn-1'))).toEqual([]);
    expect(clocks.coordinator.blockers()).toEqual([]);
  });
});

describe('paced by the wall', () => {
  it('starts what is due when the wall has come so far, and not before', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    clocks.at(node, 60_000, 'reminders');
    await rest();
    clocks.forget();
    clocks.coordinator.pace({ factor: 60 });
    await clocks.wall.pass(999);
    expect(clocks.events).toEqual([]);

    await clocks.wall.pass(1);
    expect(clocks.events).toEqual(['go psn-1#1 60000', 'reminders at 60000']);
    clocks.coordinator.stop();
  });

  it('starts what came up after it was set going', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    clocks.coordinator.pace({ factor: 1 });
    await clocks.wall.pass(5_000);
    clocks.at(node, 5_500, 'reminders');
    await clocks.wall.pass(500);

    expect(clocks.events.slice(-1)).toEqual(['reminders at 5500']);
    clocks.coordinator.stop();
  });

  it('shows the time of the wall while nothing is due, and never more than what is due', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    const slow = gate();
    clocks.coordinator.pace({ factor: 10 });
    await clocks.wall.pass(2_000);
    expect([clocks.coordinator.shownTime(), clocks.coordinator.now()]).toEqual([20_000, 0]);

    clocks.at(node, 25_000, 'slow', () => node.outside('write', () => slow.opened));
    await clocks.wall.pass(2_000);
    expect(clocks.coordinator.shownTime()).toBe(25_000);

    slow.open();
    await clocks.wall.pass(0);
    expect(clocks.coordinator.shownTime()).toBe(40_000);
    clocks.coordinator.stop();
  });

  it('shows its own time when it is stepped, whatever the wall says', async () => {
    const clocks = new TestClocks();
    await clocks.agent('psn-1#1');
    await clocks.wall.pass(5_000);

    expect(clocks.coordinator.shownTime()).toBe(0);
  });

  it('can be advanced besides, and goes on from there', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    clocks.at(node, 86_400_000, 'reminders');
    await rest();
    clocks.coordinator.pace({ factor: 1 });
    await clocks.wall.pass(1_000);
    await clocks.coordinator.advance(86_400_000);
    expect(clocks.events.slice(-1)).toEqual(['reminders at 86400000']);

    clocks.at(node, 86_402_000, 'later');
    await clocks.wall.pass(2_000);
    expect(clocks.events.slice(-1)).toEqual(['later at 86402000']);
    expect(clocks.coordinator.shownTime()).toBe(86_402_000);
    clocks.coordinator.stop();
  });

  it('is brought up to the wall by a touch, and the double is told', async () => {
    const clocks = new TestClocks();
    const double = await clocks.agent('microsoft365#1', { double: true });
    clocks.coordinator.pace({ factor: 1 });
    await clocks.wall.pass(7_000);
    await clocks.coordinator.touch();

    expect([clocks.coordinator.now(), double.now()]).toEqual([7_000, 7_000]);
    clocks.coordinator.stop();
  });

  it('is not moved by a touch when it is stepped', async () => {
    const clocks = new TestClocks();
    await clocks.agent('psn-1#1');
    await clocks.wall.pass(7_000);
    await clocks.coordinator.touch();

    expect(clocks.coordinator.now()).toBe(0);
  });

  it.each([{ pace: 'stepped' as const }, { pace: { factor: 60 } }])('keeps the time that it shows when its pace becomes $pace', async ({ pace }) => {
    const clocks = new TestClocks();
    const double = await clocks.agent('microsoft365#1', { double: true });
    clocks.coordinator.pace({ factor: 1 });
    await clocks.wall.pass(7_000);
    clocks.coordinator.pace(pace);
    await rest();

    expect([clocks.coordinator.shownTime(), double.now()]).toEqual([7_000, 7_000]);
    clocks.coordinator.stop();
  });

  it('does not go back when the wall is set back, and goes on when it has caught up', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    clocks.at(node, 3_000, 'reminders');
    await rest();
    clocks.coordinator.pace({ factor: 1 });
    await clocks.wall.pass(2_000);
    await clocks.coordinator.touch();
    clocks.wall.setBack(1_000);
    expect(clocks.coordinator.shownTime()).toBe(2_000);

    await clocks.wall.pass(2_000);
    expect(clocks.events.slice(-1)).toEqual(['reminders at 3000']);
    clocks.coordinator.stop();
  });

  it('ends, and leaves nothing to come', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    clocks.at(node, 1_000, 'reminders');
    await rest();
    clocks.coordinator.pace({ factor: 1 });
    clocks.coordinator.stop();
    await clocks.wall.pass(60_000);

    expect(clocks.events).not.toContain('reminders at 1000');
    expect(clocks.wall.pending).toBe(0);
  });
});

describe('a stall', () => {
  it('is told with what is open when nothing was reported for ten seconds', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    await clocks.agent('psn-2#1');
    clocks.at(node, 10, 'hangs', () => node.outside('write', () => new Promise<void>(() => undefined)));
    await rest();
    void clocks.coordinator.advance(20);
    await clocks.wall.pass(10_299);
    expect(clocks.stalls).toEqual([]);

    await clocks.wall.pass(1);
    expect(clocks.stalls).toEqual([['psn-1#1 has not finished grant 2 (has 1)', 'psn-1#1 works on "hangs" since 1970-01-01T00:00:00.010Z']]);
    clocks.coordinator.stop();
  });

  it('tells an agent that does not answer from one that answers and has nothing open', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    const peer = await clocks.agent('psn-2#1');
    clocks.at(node, 10, 'asks', async () => {
      node.asked('psn-2#1');
      await node.reply(new Promise<void>(() => undefined));
    });
    await rest();
    void clocks.coordinator.advance(20);
    await rest();
    peer.freeze();
    await clocks.wall.pass(10_300);

    expect(clocks.stalls).toEqual([['requests psn-1#1 → psn-2#1: sent 1, taken 0', 'psn-1#1 answers, and has nothing open', 'psn-2#1 does not answer: it is busy, or stopped']]);
    clocks.coordinator.stop();
  });

  it('is not what slow work is, as long as something is reported', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    const other = await clocks.agent('psn-2#1');
    const slow = gate();
    clocks.at(node, 10, 'slow', () => node.outside('write', () => slow.opened));
    await rest();
    const advance = watch(clocks.coordinator.advance(20));
    for (let count = 0; count < 4; count += 1) {
      await clocks.wall.pass(6_000);
      other.hello();
    }
    slow.open();
    await clocks.wall.pass(0);

    expect(clocks.stalls).toEqual([]);
    expect(advance.settled).toBe(true);
    expect(clocks.wall.pending).toBe(0);
  });

  it('is not told once the clock was stopped, and nothing is left to come', async () => {
    const clocks = new TestClocks();
    const node = await clocks.agent('psn-1#1');
    clocks.at(node, 10, 'hangs', () => node.outside('write', () => new Promise<void>(() => undefined)));
    await rest();
    void clocks.coordinator.advance(20);
    await rest();
    clocks.coordinator.stop();
    expect(clocks.wall.pending).toBe(0);

    await clocks.wall.pass(60_000);
    expect(clocks.stalls).toEqual([]);
  });
});
