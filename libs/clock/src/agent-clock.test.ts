import { setImmediate as macrotask } from 'node:timers/promises';
import type { WorkReport } from '@isesim/domain';
import { describe, expect, it } from 'vitest';
import { AgentClock } from './agent-clock.ts';
import { DeadlinePassed } from './deadline.ts';

const agent = 'psn-1#2';

/** A clock with all that it reports, and all that went wrong where nobody awaits it. */
function makeAgent() {
  const reports: WorkReport[] = [];
  const defects: { what: string; error: unknown }[] = [];
  const clock = new AgentClock({ agent, start: 0, push: (report) => reports.push(report), onDefect: (what, error) => defects.push({ what, error }) });
  let grants = 0;
  /** Lets the agent go on at `time`, and waits until it may have reported. */
  const grant = async (time: number, { go = true } = {}) => {
    grants += 1;
    clock.obey({ number: grants, time, go });
    await rest();
  };
  return { clock, reports, defects, grant, last: () => reports.at(-1) };
}

/** Until everything that is not waiting for the test has happened: a report comes one macrotask after the work. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await macrotask();
}

/** A promise that the test settles. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** How a promise stands after all that can happen without the test has happened. */
async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'settled'> {
  let state: 'pending' | 'settled' = 'pending';
  const settle = () => {
    state = 'settled';
  };
  promise.then(settle, settle);
  await rest();
  return state;
}

describe('a world call outside of a piece of work', () => {
  const calls: { call: string; make: (clock: AgentClock) => unknown }[] = [
    { call: 'sleep', make: (clock) => clock.sleep({ ms: 1 }) },
    { call: 'deadline', make: (clock) => clock.deadline(1) },
    { call: 'write a.b', make: (clock) => clock.outside('write a.b', () => Promise.resolve()) },
    { call: 'slot', make: (clock) => clock.slot(Promise.resolve()) },
    { call: 'socket 127.0.0.2:4000', make: (clock) => clock.socket('127.0.0.2:4000', () => Promise.resolve()) },
    { call: 'reply', make: (clock) => clock.reply(Promise.resolve()) },
  ];

  it.each(calls)('is an error that names the agent and the call: $call', async ({ call, make }) => {
    const { clock } = makeAgent();

    await expect((async () => make(clock))()).rejects.toThrow(`psn-1#2: "${call}" outside of a piece of work`);
  });

  it('is found in what a piece of work left behind unawaited', async () => {
    const { clock } = makeAgent();
    const foreign = gate();
    let leftBehind: Promise<void> | undefined;
    await clock.start('piece', async () => {
      leftBehind = foreign.opened.then(() => clock.outside('write', () => Promise.resolve()));
      return Promise.resolve();
    });
    foreign.open();

    await expect(leftBehind).rejects.toThrow('psn-1#2: "write" outside of a piece of work');
  });
});

describe('a report', () => {
  it('comes when nothing is open, one macrotask later', async () => {
    const { clock, reports } = makeAgent();
    const work = gate();
    const piece = clock.start('piece', () => work.opened);
    await rest();
    expect(reports).toEqual([]);

    work.open();
    await piece;
    expect(reports).toEqual([]);

    await macrotask();
    expect(reports).toHaveLength(1);
  });

  it('waits for work that the end of other work sets off', async () => {
    const { clock, reports } = makeAgent();
    const second = gate();
    const chain = clock.start('first', () => Promise.resolve()).then(() => clock.start('second', () => second.opened));
    await rest();
    expect(reports).toEqual([]);

    second.open();
    await chain;
    await rest();
    expect(reports).toHaveLength(1);
  });

  it('is sent once for many changes, and numbered', async () => {
    const { clock, reports } = makeAgent();
    clock.hello();
    clock.asked('ise-1#1');
    clock.asked('ise-1#1');
    await rest();
    clock.closed();
    await rest();

    expect(reports.map(({ agent: name, number, asked, closes }) => ({ name, number, asked, closes }))).toEqual([
      { name: agent, number: 1, asked: { 'ise-1#1': 2 }, closes: 0 },
      { name: agent, number: 2, asked: { 'ise-1#1': 2 }, closes: 1 },
    ]);
  });

  it('does not change after it was sent', async () => {
    const { clock, reports } = makeAgent();
    clock.taken('s', 1);
    await rest();
    clock.taken('s', 2);
    clock.answered('ise-1#1');
    await rest();

    expect(reports[0]).toMatchObject({ taken: { s: 1 }, answered: {} });
  });

  it('counts streams by their highest sequence, peers by message, and closed connections by address', async () => {
    const { clock, last } = makeAgent();
    clock.published('mail', 7);
    clock.published('mail', 5);
    clock.taken('config', 3);
    clock.taken('config', 2);
    clock.askTaken('ise-1#1');
    clock.answered('ise-1#1');
    clock.answerTaken('ise-2#1');
    clock.answerTaken('ise-2#1');
    for (const port of [4000, 4001, 4002]) clock.connectionOpened(`127.0.0.2:${port}`);
    clock.connectionClosed('127.0.0.2:4000');
    clock.connectionClosed('127.0.0.2:4001');
    // Told twice, or of a connection that was never opened: nothing to count.
    clock.connectionClosed('127.0.0.2:4001');
    clock.connectionClosed('127.0.0.9:1');
    await rest();

    expect(last()).toMatchObject({
      published: { mail: 7 },
      taken: { config: 3 },
      asksTaken: { 'ise-1#1': 1 },
      answered: { 'ise-1#1': 1 },
      answersTaken: { 'ise-2#1': 2 },
      closesTaken: { '127.0.0.2': 2 },
      connections: ['127.0.0.2:4002'],
    });
  });

  it('names no time when nothing is due', async () => {
    const { clock, last, grant } = makeAgent();
    clock.hello();
    await rest();
    expect(last()).not.toHaveProperty('nextDue');

    clock.at(50, 'later', () => Promise.resolve());
    await rest();
    expect(last()?.nextDue).toBe(50);

    await grant(50);
    expect(last()).not.toHaveProperty('nextDue');
  });

  it('names the earliest of all times that are due', async () => {
    const { clock, last } = makeAgent();
    for (const due of [300, 100, 200]) clock.at(due, `at ${due}`, () => Promise.resolve());
    await rest();

    expect(last()?.nextDue).toBe(100);
  });

  it('says on which connections it waits for the double, and for which the double sleeps', async () => {
    const { clock, last } = makeAgent();
    const answer = gate();
    void clock.start('submit', () => clock.socket('127.0.0.2:4000', () => answer.opened));
    void clock.start('serve', () => clock.sleeping('127.0.0.3:5000', () => clock.sleep({ ms: 10 })));
    await rest();
    expect(last()).toMatchObject({ waiting: ['127.0.0.2:4000'], sleeping: ['127.0.0.3:5000'] });

    answer.open();
    clock.obey({ number: 1, time: 10, go: true });
    await rest();
    expect(last()).toMatchObject({ waiting: [], sleeping: [] });
  });
});

describe('open work', () => {
  it('is not a piece that sleeps, waits for a slot, a reply or the double', async () => {
    const { clock, last } = makeAgent();
    const never = new Promise<void>(() => undefined);
    void clock.start('sleeper', () => clock.sleep({ ms: 1 }));
    void clock.start('in a queue', () => clock.slot(never));
    void clock.start('asker', () => clock.reply(never));
    void clock.start('client', () => clock.socket('127.0.0.2:4000', () => never));
    await rest();

    expect(clock.openWork()).toEqual([]);
    expect(last()).toMatchObject({ nextDue: 1, waiting: ['127.0.0.2:4000'] });
  });

  it('is named, with the time since when it is open', async () => {
    const { clock, grant } = makeAgent();
    await grant(40);
    void clock.start('mail 7', () => clock.outside('write', () => new Promise<void>(() => undefined)));
    void clock.start('sleeper', () => clock.sleep({ ms: 1 }));

    expect(clock.openWork()).toEqual([{ what: 'mail 7', since: 40 }]);
  });

  it('is a write beside a sleep of the same piece', async () => {
    const { clock, reports } = makeAgent();
    const written = gate();
    void clock.start('piece', () => Promise.all([clock.sleep({ ms: 10 }), clock.outside('write', () => written.opened)]));
    await rest();
    expect(reports).toEqual([]);

    written.open();
    await rest();
    expect(reports.map(({ nextDue }) => nextDue)).toEqual([10]);
  });

  it('of one piece is not hidden by two sleeps of another', async () => {
    const { clock, reports, grant } = makeAgent();
    const written = gate();
    void clock.start('sleeper', () => Promise.all([clock.sleep({ ms: 10 }), clock.sleep({ ms: 20 })]));
    void clock.start('writer', () => clock.outside('write', () => written.opened));
    await rest();
    expect(clock.openWork().map(({ what }) => what)).toEqual(['writer']);
    expect(reports).toEqual([]);

    await grant(10);
    await grant(20);
    expect(reports).toEqual([]);

    written.open();
    await rest();
    expect(reports).toHaveLength(1);
  });

  it('is what follows the first of two sleeps of one piece', async () => {
    const { clock, reports, grant } = makeAgent();
    const written = gate();
    const first = async () => {
      await clock.sleep({ ms: 10 });
      await clock.outside('write', () => written.opened);
    };
    void clock.start('piece', () => Promise.all([first(), clock.sleep({ ms: 20 })]));
    await rest();
    expect(reports).toHaveLength(1);

    await grant(10);
    expect(reports).toHaveLength(1);
    expect(clock.openWork().map(({ what }) => what)).toEqual(['piece']);

    written.open();
    await rest();
    expect(reports.map(({ obeyed, nextDue }) => ({ obeyed, nextDue }))).toEqual([
      { obeyed: 0, nextDue: 10 },
      { obeyed: 1, nextDue: 20 },
    ]);
  });

  it('ends with a piece that fails, or that leaves a sleep behind', async () => {
    const { clock, reports } = makeAgent();
    await expect(clock.start('fails', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await clock.start('leaves a sleep behind', () => {
      void clock.sleep({ ms: 10 });
      return Promise.resolve();
    });
    await rest();

    expect(clock.openWork()).toEqual([]);
    expect(reports).toHaveLength(1);
    const open = gate();
    void clock.start('open', () => open.opened);
    clock.hello();
    await rest();
    expect(reports).toHaveLength(1);
  });
});

describe('a sleep', () => {
  it('ends at its time, and not before', async () => {
    const { clock, grant } = makeAgent();
    const woke: number[] = [];
    void clock.start('piece', async () => {
      await clock.sleep({ ms: 10 });
      woke.push(clock.now());
      await clock.sleep(25);
      woke.push(clock.now());
    });
    for (const time of [9, 10, 24, 25]) await grant(time);

    expect(woke).toEqual([10, 25]);
  });

  it('is ended by its signal, and is not due any more', async () => {
    const { clock, last } = makeAgent();
    const closing = new AbortController();
    const sleep = clock.start('piece', () => clock.sleep({ ms: 10 }, closing.signal));
    await rest();
    closing.abort(new Error('the client closed'));

    await expect(sleep).rejects.toThrow('the client closed');
    await rest();
    expect(last()).not.toHaveProperty('nextDue');
    expect(clock.openWork()).toEqual([]);
  });

  it('does not begin under a signal that was given already', async () => {
    const { clock, last } = makeAgent();
    await expect(clock.start('piece', () => clock.sleep({ ms: 10 }, AbortSignal.abort(new Error('closed'))))).rejects.toThrow('closed');
    await rest();

    expect(last()).not.toHaveProperty('nextDue');
  });

  it('that has ended does not mind its signal', async () => {
    const { clock, grant } = makeAgent();
    const closing = new AbortController();
    const sleep = clock.start('piece', () => clock.sleep({ ms: 10 }, closing.signal));
    await grant(10);
    closing.abort(new Error('too late'));

    await expect(sleep).resolves.toBeUndefined();
    expect(clock.openWork()).toEqual([]);
  });
});

describe('work at a time', () => {
  it('starts at its time as a piece of work of its name', async () => {
    const { clock, grant } = makeAgent();
    clock.at(10, 'reminders', () => clock.outside('write', () => new Promise<void>(() => undefined)));
    await grant(9);
    expect(clock.openWork()).toEqual([]);

    await grant(10);
    expect(clock.openWork()).toEqual([{ what: 'reminders', since: 10 }]);
  });

  it('does not start once it is cancelled, and is not due any more', async () => {
    const { clock, last, grant } = makeAgent();
    const started: string[] = [];
    const cancel = clock.at(10, 'reminders', () => Promise.resolve(void started.push('reminders')));
    await rest();
    cancel();
    await rest();
    expect(last()).not.toHaveProperty('nextDue');

    await grant(10);
    cancel();
    expect(started).toEqual([]);
  });

  it('of one grant starts in the order of due time, then of being asked for', async () => {
    const { clock, grant } = makeAgent();
    const started: string[] = [];
    const at = (due: number, name: string) => clock.at(due, name, () => Promise.resolve(void started.push(name)));
    at(20, 'late');
    at(10, 'first of 10');
    at(20, 'later');
    at(10, 'second of 10');
    at(30, 'not yet');
    await grant(20);

    expect(started).toEqual(['first of 10', 'second of 10', 'late', 'later']);
  });

  it('cancelled by what starts before it in the same grant does not start', async () => {
    const { clock, grant } = makeAgent();
    const started: string[] = [];
    const cancels: (() => void)[] = [];
    clock.at(10, 'first', () => {
      for (const cancel of cancels) cancel();
      return Promise.resolve();
    });
    cancels.push(clock.at(10, 'second', () => Promise.resolve(void started.push('second'))));
    await grant(10);

    expect(started).toEqual([]);
  });

  it('asked for at the present moment waits for the next grant', async () => {
    const { clock, last, grant } = makeAgent();
    const started: string[] = [];
    clock.at(10, 'first', () => {
      clock.at(10, 'second', () => Promise.resolve(void started.push('second')));
      return Promise.resolve();
    });
    await grant(10);
    expect(started).toEqual([]);
    expect(last()).toMatchObject({ obeyed: 1, nextDue: 10 });

    await grant(10);
    expect(started).toEqual(['second']);
  });

  it('that fails is told as a defect with its name', async () => {
    const { clock, defects, grant } = makeAgent();
    clock.at(10, 'reminders', () => Promise.reject(new Error('broken')));
    await grant(10);

    expect(defects).toEqual([{ what: 'reminders', error: new Error('broken') }]);
  });
});

describe('a deadline', () => {
  /** A wait for an answer that never comes, with a deadline at 10; `cleanUp` is what follows before its disposal. */
  function waitInVain(clock: AgentClock, cleanUp: Promise<void>): Promise<void> {
    return clock.start('ask', async () => {
      using deadline = clock.deadline(10);
      await clock.reply(new Promise<void>((resolve) => {
        deadline.addEventListener('abort', () => { void cleanUp.then(resolve); }, { once: true });
      }));
    });
  }

  it('keeps its piece open from its passing to its disposal', async () => {
    const { clock, reports, grant } = makeAgent();
    const closed = gate();
    const wait = waitInVain(clock, closed.opened);
    await rest();
    expect(reports.map(({ nextDue }) => nextDue)).toEqual([10]);

    await grant(10);
    expect(clock.openWork()).toEqual([{ what: 'ask', since: 0 }]);
    expect(reports).toHaveLength(1);

    closed.open();
    await wait;
    await rest();
    expect(clock.openWork()).toEqual([]);
    expect(reports).toHaveLength(2);
    expect(reports[1]).not.toHaveProperty('nextDue');
  });

  it('that passes tells when it was due', async () => {
    const { clock, grant } = makeAgent();
    let reason: unknown;
    void clock.start('ask', async () => {
      using deadline = clock.deadline(10);
      await clock.reply(new Promise<void>((resolve) => { deadline.addEventListener('abort', () => { resolve(); }, { once: true }); }));
      reason = deadline.reason;
    });
    await grant(10);

    expect(reason).toBeInstanceOf(DeadlinePassed);
    expect((reason as DeadlinePassed).due).toBe(10);
  });

  it('that is disposed of in time is not due any more', async () => {
    const { clock, last, grant } = makeAgent();
    let deadline: (AbortSignal & Disposable) | undefined;
    void clock.start('piece', () => {
      deadline = clock.deadline(10);
      return clock.sleep({ ms: 50 });
    });
    await rest();
    expect(last()?.nextDue).toBe(10);

    deadline?.[Symbol.dispose]();
    await rest();
    expect(last()?.nextDue).toBe(50);
    await grant(50);
    expect(deadline?.aborted).toBe(false);
    expect(clock.openWork()).toEqual([]);
  });
});

describe('a grant', () => {
  it('that only tells the time starts nothing and is obeyed', async () => {
    const { clock, last, grant } = makeAgent();
    const started: string[] = [];
    clock.at(10, 'due', () => Promise.resolve(void started.push('due')));
    await grant(10, { go: false });

    expect(clock.now()).toBe(10);
    expect(started).toEqual([]);
    expect(last()).toMatchObject({ obeyed: 1, nextDue: 10 });
  });

  it('is reported as obeyed only when the work that it started is done', async () => {
    const { clock, reports, grant } = makeAgent();
    const written = gate();
    clock.at(10, 'due', () => clock.outside('write', () => written.opened));
    await grant(10);
    expect(reports).toEqual([]);

    written.open();
    await rest();
    expect(reports.map(({ obeyed }) => obeyed)).toEqual([1]);
  });

  it('of an earlier time than one that a message named does not set the time back', async () => {
    const { clock, grant } = makeAgent();
    clock.heard(100);
    await grant(50);

    expect(clock.now()).toBe(100);
  });
});

describe('an agent that is revoked', () => {
  it('starts nothing, fires nothing and reports nothing', async () => {
    const { clock, reports, grant } = makeAgent();
    const started: string[] = [];
    const note = (name: string) => () => Promise.resolve(void started.push(name));
    clock.at(10, 'before', note('before'));
    clock.revoke();
    clock.at(10, 'after', note('after'));
    void clock.start('piece', note('piece'));
    clock.hello();
    await grant(10);

    expect(clock.revoked).toBe(true);
    expect(started).toEqual([]);
    expect(reports).toEqual([]);
  });

  it.each<{ call: string; make: (clock: AgentClock, wait: Promise<void>) => Promise<unknown> }>([
    { call: 'sleep', make: (clock) => clock.sleep({ ms: 0 }) },
    { call: 'outside', make: (clock, wait) => clock.outside('write', () => wait) },
    { call: 'slot', make: (clock, wait) => clock.slot(wait) },
    { call: 'reply', make: (clock, wait) => clock.reply(wait) },
    { call: 'socket', make: (clock, wait) => clock.socket('127.0.0.2:4000', () => wait) },
  ])('lets nobody return from a world call: $call', async ({ make }) => {
    const { clock, grant } = makeAgent();
    const wait = gate();
    const [begun, later] = [gate(), gate()];
    const underWay = clock.start('under way', () => make(clock, wait.opened));
    const begunLater = clock.start('begun later', async () => {
      begun.open();
      await later.opened;
      await make(clock, wait.opened);
    });
    await begun.opened;
    clock.revoke();
    later.open();
    wait.open();
    await grant(10);

    expect(await stateOf(underWay)).toBe('pending');
    expect(await stateOf(begunLater)).toBe('pending');
  });

  it('lets nobody learn of an error either', async () => {
    const { clock } = makeAgent();
    let fail: (error: Error) => void = () => undefined;
    const write = clock.start('piece', () => clock.outside('write', () => new Promise<void>((_resolve, reject) => { fail = reject; })));
    clock.revoke();
    fail(new Error('the connection was closed'));

    expect(await stateOf(write)).toBe('pending');
  });
});

describe('an agent that is frozen', () => {
  it('obeys nothing and reports nothing until it is thawed, and then all of it in order', async () => {
    const { clock, reports, grant } = makeAgent();
    const started: string[] = [];
    for (const due of [10, 20]) clock.at(due, `at ${due}`, () => Promise.resolve(void started.push(`at ${clock.now()}`)));
    await rest();
    clock.freeze();
    await grant(10);
    await grant(20);
    expect(started).toEqual([]);
    expect(reports).toHaveLength(1);
    expect(clock.now()).toBe(0);

    clock.thaw();
    await rest();
    expect(started).toEqual(['at 10', 'at 20']);
    expect(reports.slice(1).map(({ obeyed }) => obeyed)).toEqual([2]);
  });

  it('stops at its next world call, and at the end of one that is under way', async () => {
    const { clock } = makeAgent();
    const events: string[] = [];
    const [read, later] = [gate(), gate()];
    void clock.start('under way', async () => {
      await clock.outside('read', () => read.opened);
      events.push('read');
    });
    void clock.start('later', async () => {
      await later.opened;
      await clock.outside('write', () => Promise.resolve(void events.push('written')));
    });
    clock.freeze();
    read.open();
    later.open();
    await rest();
    expect(events).toEqual([]);
    expect(clock.openWork().map(({ what }) => what)).toEqual(['under way', 'later']);

    clock.thaw();
    await rest();
    expect([...events].sort()).toEqual(['read', 'written']);
    expect(clock.openWork()).toEqual([]);
  });

  it('and killed never goes on', async () => {
    const { clock } = makeAgent();
    const write = clock.start('piece', async () => {
      clock.freeze();
      await clock.outside('write', () => Promise.resolve());
    });
    clock.revoke();
    clock.thaw();

    expect(await stateOf(write)).toBe('pending');
  });
});
