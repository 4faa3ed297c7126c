import { describe, expect, it } from 'vitest';
import type { Grant } from '@isesim/domain';
import { AgentClock } from './agent-clock.ts';
import { Coordinator } from './coordinator.ts';

/**
 * The real agent clocks and the real coordinator, over channels on which every hop takes a random number of turns of the
 * event loop: stream writes, their acknowledgements, deliveries, requests, replies, bytes and closes of sockets, reports
 * and grants. The adversary knows what is on its way (`moving`), the coordinator does not. Time may pass only while nothing is.
 */
describe('the simulated clock under random delays in every hop', () => {
  it.each(['as it comes', 'fixed'] as const)('never advances, and begins nothing in its turn, while anything is open or on its way (%s)', async (order) => {
    let advances = 0;
    let mails = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const run = await runAdversary({ seed, order });
      expect(run.wrong, `seed ${seed}`).toEqual([]);
      advances += run.advances;
      mails += run.submissions;
    }
    expect(advances).toBeGreaterThan(1_000);
    expect(mails).toBeGreaterThan(300);
  }, 120_000);

  it('in fixed order does the same in the same order, whatever the delays', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const { done } = await runAdversary({ seed, order: 'fixed', delays: 1_000 });
      expect(done.length).toBeGreaterThan(20);
      for (let delays = 1_001; delays <= 1_003; delays += 1) expect((await runAdversary({ seed, order: 'fixed', delays })).done, `seed ${seed}, delays ${delays}`).toEqual(done);
    }
  }, 120_000);

  it('as it comes it does not: delays change what is done', async () => {
    const { done } = await runAdversary({ seed: 1, delays: 1_000 });
    expect((await runAdversary({ seed: 1, delays: 1_001 })).done).not.toEqual(done);
  });

  it('is caught by this adversary as soon as stream writes are not counted', async () => {
    let wrong = 0;
    for (let seed = 1; seed <= 12; seed += 1) wrong += (await runAdversary({ seed, countsWrites: false })).wrong.length;
    expect(wrong).toBeGreaterThan(0);
  }, 120_000);
});

interface Run {
  advances: number;
  submissions: number;
  wrong: string[];
  /** What was done, in order. */
  readonly done: string[];
}

interface Adversary {
  /** Decides what is done. */
  readonly seed: number;
  /** Decides how long each hop takes. */
  readonly delays?: number;
  readonly order?: 'fixed' | 'as it comes';
  readonly countsWrites?: boolean;
}

const nodes = ['n1', 'n2', 'n3', 'n4'];
const end = 10_000;

async function runAdversary({ seed, delays = seed, order = 'as it comes', countsWrites = true }: Adversary): Promise<Run> {
  const upTo = below(generator(seed));
  const delay = below(generator(-delays));
  const run: Run = { advances: 0, submissions: 0, wrong: [], done: [] };
  let moving = 0;
  let sequence = 0;
  let lastTime = 0;

  const turns = async (n: number) => {
    for (let i = 0; i < n; i += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  /** One hop of something that matters: until it has arrived, time must not pass. */
  const hop = async () => {
    moving += 1;
    await turns(delay(6));
    moving -= 1;
  };
  const later = (deliver: () => void) => {
    void turns(delay(10)).then(deliver);
  };

  const coordinator = new Coordinator({
    start: 0,
    wall: { now: () => 0, after: () => () => undefined },
    order,
    names: ['double', ...nodes],
    send: (agent, grant) => {
      if (grant.time > lastTime) {
        lastTime = grant.time;
        run.advances += 1;
        if (moving > 0) run.wrong.push(`to ${grant.time} with ${moving} hops open`);
      }
      if (grant.turn && moving > 0) run.wrong.push(`a turn of ${agent} with ${moving} hops open`);
      deliverGrant(agent, grant);
    },
  });
  // Grants to one agent keep their order, as on one NATS connection.
  const grantLanes = new Map<string, Promise<void>>();
  const deliverGrant = (agent: string, grant: Grant) => {
    const begins = grant.go || grant.turn !== undefined;
    if (begins) moving += 1;
    const lane = (grantLanes.get(agent) ?? Promise.resolve()).then(() => turns(delay(6))).then(() => {
      if (begins) moving -= 1;
      clocks.get(agent)?.obey(grant);
    });
    grantLanes.set(agent, lane);
  };
  const clockOf = (agent: string) =>
    new AgentClock({
      agent,
      start: 0,
      push: (report) => { later(() => { coordinator.received(report); }); },
      onDefect: (what, error) => { run.wrong.push(`${agent} ${what}: ${String(error)}`); },
    });
  const clocks = new Map([...nodes, 'double'].map((name) => [`${name}#1`, clockOf(`${name}#1`)]));
  const clock = (name: string) => clocks.get(`${name}#1`) as AgentClock;

  // One stream that every node follows, in order.
  const lanes = new Map(nodes.map((name) => [name, Promise.resolve()]));
  const publish = (name: string, depth: number) =>
    clock(name).outside('publish', async () => {
      await hop();
      sequence += 1;
      const mine = sequence;
      for (const follower of nodes) {
        moving += 1;
        const lane = (lanes.get(follower) ?? Promise.resolve()).then(() => turns(delay(6))).then(() => {
          moving -= 1;
          clock(follower).heard(clock(name).now());
          void clock(follower).enters('delivery', ['s', mine], () => {
            if (follower === nodes[mine % nodes.length] && depth > 0) void clock(follower).start('delivery', () => act(follower, depth - 1));
          });
          clock(follower).taken('s', mine);
        });
        lanes.set(follower, lane);
      }
      await hop();
      if (countsWrites) clock(name).published('s', mine);
    });

  const asks = new Map(nodes.map((name) => [name, 0]));
  const ask = async (name: string, peer: string, depth: number) => {
    const number = (asks.get(name) ?? 0) + 1;
    asks.set(name, number);
    clock(name).asked(`${peer}#1`);
    await clock(name).reply(
      new Promise<void>((resolve) => {
        void hop().then(() => {
          clock(peer).heard(clock(name).now());
          void clock(peer).enters('request', [name, number], () => {
            void clock(peer).start('request', async () => {
              await act(peer, depth - 1);
              clock(peer).answered(`${name}#1`);
              void hop().then(() => {
                clock(name).heard(clock(peer).now());
                void clock(name).enters('reply', [number], resolve);
                clock(name).answerTaken(`${peer}#1`);
              });
            });
          });
          clock(peer).askTaken(`${name}#1`);
        });
      }),
    );
  };

  let ports = 0;
  const submit = async (name: string, depth: number) => {
    run.submissions += 1;
    ports += 1;
    const connection = `${name}:${ports}`;
    const latency = upTo(3) * 40;
    const patience = latency > 0 && upTo(3) === 0 ? latency : 1_000;
    using deadline = clock(name).deadline(clock(name).now() + patience);
    const far = farEnd(connection, latency);
    await clock(name).socket(connection, () =>
      new Promise<void>((resolve) => {
        far.request().then(resolve, resolve);
        deadline.addEventListener('abort', () => { resolve(); }, { once: true });
      }),
    );
    clock(name).closed();
    far.close();
    if (depth > 0 && upTo(2) === 0) await publish(name, depth - 1);
  };

  /** The double's end of one connection: bytes and close arrive in order, each after a hop. */
  const farEnd = (connection: string, latency: number) => {
    const double = clock('double');
    const closed = new AbortController();
    const serve = async () => {
      if (latency > 0) {
        moving -= 1;
        try {
          await double.sleeping(connection, () => double.sleep({ ms: latency }, closed.signal));
        } finally {
          moving += 1;
        }
      }
      await double.outside('record', hop);
    };
    let served: Promise<void> = Promise.resolve();
    let arrived: Promise<void> = Promise.resolve();
    return {
      // A request is on the move until it is answered, save while the double sleeps on it.
      request: async () => {
        moving += 1;
        arrived = turns(delay(6)).then(() => {
          double.connectionOpened(connection);
          served = double.start(`serve ${connection}`, serve).catch(() => undefined).then(() => { moving -= 1; });
        });
        await arrived;
        await served;
        await turns(delay(6));
      },
      close: () => {
        moving += 1;
        void arrived.then(() => turns(delay(6))).then(async () => {
          closed.abort(new Error('the client closed'));
          await served;
          double.connectionClosed(connection);
          moving -= 1;
        });
      },
    };
  };

  const act = async (name: string, depth: number): Promise<void> => {
    for (let steps = 1 + upTo(2); steps > 0; steps -= 1) {
      const what = upTo(6);
      run.done.push(`${name} at ${clock(name).now()}: ${what}`);
      if (what === 0) await publish(name, depth);
      if (what === 1 && depth > 0) await ask(name, nodes.filter((each) => each !== name)[upTo(3)] as string, depth);
      if (what === 2) await clock(name).sleep({ ms: 1 + upTo(100) });
      if (what === 3) await submit(name, depth);
      if (what === 5 && depth > 0) void clock(name).start('own work', () => act(name, depth - 1));
      if (what === 4) await Promise.all([clock(name).sleep({ ms: 1 + upTo(20) }), publish(name, depth)]);
    }
  };

  for (const agent of clocks.keys()) coordinator.admit(agent, agent === 'double#1' ? { double: true } : { address: agent.slice(0, -2) });
  for (const [index, name] of nodes.entries()) {
    clock(name).taken('s', 0);
    for (let due = 0; due < 3; due += 1) clock(name).at(100 * (1 + upTo(5)) + index * (upTo(2)), 'timer', () => act(name, 2));
  }
  for (const each of clocks.values()) each.hello();
  await coordinator.putInOrder();
  await coordinator.advance(end);
  return run;
}

function below(draw: () => number): (n: number) => number {
  return (n) => Math.floor(draw() * n);
}

/** mulberry32: small, seeded, good enough to shuffle delays. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
