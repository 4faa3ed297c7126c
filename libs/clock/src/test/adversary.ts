import type { Grant } from '@isesim/domain';
import { AgentClock } from '../agent-clock.ts';
import { Coordinator } from '../coordinator.ts';
import { FarEnd } from './far-end.ts';
import { RandomDelays } from './random-delays.ts';

export interface AdversaryOptions {
  /** Decides what is done. */
  readonly seed: number;
  /** Decides how long each hop takes. */
  readonly delays?: number;
  readonly order?: 'fixed' | 'as it comes';
  readonly countsWrites?: boolean;
}

export interface Run {
  advances: number;
  submissions: number;
  readonly wrong: string[];
  /** What was done, in order. */
  readonly done: string[];
}

const nodes = ['n1', 'n2', 'n3', 'n4'];
const end = 10_000;

/** Lets nodes do at random what nodes do, and judges every step of time and every turn by what it knows to be on its way. */
export class Adversary {
  readonly #run: Run = { advances: 0, submissions: 0, wrong: [], done: [] };
  readonly #delays: RandomDelays;
  readonly #upTo: (n: number) => number;
  readonly #countsWrites: boolean;
  readonly #coordinator: Coordinator;
  readonly #clocks: ReadonlyMap<string, AgentClock>;
  readonly #asks = new Map<string, number>();
  #sequence = 0;
  #ports = 0;
  #lastTime = 0;

  static run(options: AdversaryOptions): Promise<Run> {
    return new Adversary(options).#play();
  }

  private constructor({ seed, delays = seed, order = 'as it comes', countsWrites = true }: AdversaryOptions) {
    this.#upTo = below(generator(seed));
    this.#delays = new RandomDelays(below(generator(-delays)));
    this.#countsWrites = countsWrites;
    this.#coordinator = new Coordinator({
      start: 0,
      wall: { now: () => 0, after: () => () => undefined },
      order,
      names: ['double', ...nodes],
      send: (agent, grant) => { this.#grant(agent, grant); },
    });
    this.#clocks = new Map([...nodes, 'double'].map((name) => [`${name}#1`, this.#clockOf(`${name}#1`)]));
  }

  async #play(): Promise<Run> {
    for (const agent of this.#clocks.keys()) this.#coordinator.admit(agent, agent === 'double#1' ? { double: true } : { address: agent.slice(0, -2) });
    for (const [index, name] of nodes.entries()) {
      this.#clock(name).taken('s', 0);
      for (let due = 0; due < 3; due += 1) this.#clock(name).at(100 * (1 + this.#upTo(5)) + index * this.#upTo(2), 'timer', () => this.#act(name, 2));
    }
    for (const each of this.#clocks.values()) each.hello();
    await this.#coordinator.putInOrder();
    await this.#coordinator.advance(end);
    return this.#run;
  }

  #clockOf(agent: string): AgentClock {
    return new AgentClock({
      agent,
      start: 0,
      push: (report) => { this.#delays.later(() => { this.#coordinator.received(report); }); },
      onDefect: (what, error) => { this.#run.wrong.push(`${agent} ${what}: ${String(error)}`); },
    });
  }

  #clock(name: string): AgentClock {
    return this.#clocks.get(`${name}#1`) as AgentClock;
  }

  #grant(agent: string, grant: Grant): void {
    const { moving } = this.#delays;
    if (grant.time > this.#lastTime) {
      this.#lastTime = grant.time;
      this.#run.advances += 1;
      if (moving > 0) this.#run.wrong.push(`to ${grant.time} with ${moving} hops open`);
    }
    if (grant.turn && moving > 0) this.#run.wrong.push(`a turn of ${agent} with ${moving} hops open`);
    const begins = grant.go || grant.turn !== undefined;
    // Grants to one agent keep their order, as on one NATS connection.
    this.#delays.inLane(`grants of ${agent}`, begins, () => { this.#clocks.get(agent)?.obey(grant); });
  }

  async #act(name: string, depth: number): Promise<void> {
    const clock = this.#clock(name);
    for (let steps = 1 + this.#upTo(2); steps > 0; steps -= 1) {
      const what = this.#upTo(6);
      this.#run.done.push(`${name} at ${clock.now()}: ${what}`);
      if (what === 0) await this.#publish(name, depth);
      if (what === 1 && depth > 0) await this.#ask(name, nodes.filter((each) => each !== name)[this.#upTo(3)] as string, depth);
      if (what === 2) await clock.sleep({ ms: 1 + this.#upTo(100) });
      if (what === 3) await this.#submit(name, depth);
      if (what === 5 && depth > 0) void clock.start('own work', () => this.#act(name, depth - 1));
      if (what === 4) await Promise.all([clock.sleep({ ms: 1 + this.#upTo(20) }), this.#publish(name, depth)]);
    }
  }

  /** Into the one stream, which every node follows in order. */
  #publish(name: string, depth: number): Promise<void> {
    return this.#clock(name).outside('publish', async () => {
      await this.#delays.hop();
      const sequence = ++this.#sequence;
      for (const follower of nodes) this.#delays.inLane(`stream at ${follower}`, true, () => { this.#deliver(sequence, name, follower, depth); });
      await this.#delays.hop();
      if (this.#countsWrites) this.#clock(name).published('s', sequence);
    });
  }

  #deliver(sequence: number, writer: string, follower: string, depth: number): void {
    const clock = this.#clock(follower);
    clock.heard(this.#clock(writer).now());
    void clock.enters('delivery', ['s', sequence], () => {
      if (follower === nodes[sequence % nodes.length] && depth > 0) void clock.start('delivery', () => this.#act(follower, depth - 1));
    });
    clock.taken('s', sequence);
  }

  async #ask(name: string, peer: string, depth: number): Promise<void> {
    const number = (this.#asks.get(name) ?? 0) + 1;
    this.#asks.set(name, number);
    this.#clock(name).asked(`${peer}#1`);
    await this.#clock(name).reply(
      new Promise<void>((resolve) => {
        void this.#delays.hop().then(() => { this.#serve(name, peer, number, depth, resolve); });
      }),
    );
  }

  #serve(asker: string, peer: string, number: number, depth: number, answered: () => void): void {
    const [asking, serving] = [this.#clock(asker), this.#clock(peer)];
    serving.heard(asking.now());
    void serving.enters('request', [asker, number], () => {
      void serving.start('request', async () => {
        await this.#act(peer, depth - 1);
        serving.answered(`${asker}#1`);
        void this.#delays.hop().then(() => {
          asking.heard(serving.now());
          void asking.enters('reply', [number], answered);
          asking.answerTaken(`${peer}#1`);
        });
      });
    });
    serving.askTaken(`${asker}#1`);
  }

  async #submit(name: string, depth: number): Promise<void> {
    this.#run.submissions += 1;
    const clock = this.#clock(name);
    const connection = `${name}:${++this.#ports}`;
    const latency = this.#upTo(3) * 40;
    const patience = latency > 0 && this.#upTo(3) === 0 ? latency : 1_000;
    using deadline = clock.deadline(clock.now() + patience);
    const far = new FarEnd({ connection, latency, double: this.#clock('double'), delays: this.#delays });
    await clock.socket(connection, () =>
      new Promise<void>((resolve) => {
        far.request().then(resolve, resolve);
        deadline.addEventListener('abort', () => { resolve(); }, { once: true });
      }),
    );
    clock.closed();
    far.close();
    if (depth > 0 && this.#upTo(2) === 0) await this.#publish(name, depth - 1);
  }
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
