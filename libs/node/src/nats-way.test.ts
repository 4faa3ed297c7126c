import { AgentClock } from '@isesim/clock';
import { seededRandom, type LinkFault } from '@isesim/domain';
import { describe, expect, it } from 'vitest';
import { InTurn } from './in-turn.ts';
import { LinkFaults } from './link-faults.ts';
import { NatsWay } from './nats-way.ts';
import { Reach, type Cut } from './reach.ts';

const slow = (delayMs: number): LinkFault => ({ to: 'nats', fault: 'slow', delayMs });
const loss: LinkFault = { to: 'nats', fault: 'loss', rate: 0.5 };

/** What comes to a node from one stream; `events` is what it has taken, and when. */
function makeNode(...standing: LinkFault[]) {
  const clock = new AgentClock({ agent: 'psn-1#1', start: 0, push: () => undefined, onDefect: (what, error) => { throw new Error(what, { cause: error }); } });
  const links = new LinkFaults({ clock, random: seededRandom(1, 'psn-1') });
  const way = new NatsWay(links);
  const reach = new Reach({ node: 'psn-1', start: (what, run) => { void clock.start(what, run); } });
  const inTurn = new InTurn({ reach, way, work: clock });
  const events: string[] = [];
  let grants = 0;
  way.joined();
  links.stand(standing);
  const note = (what: string) => { events.push(`${what} at ${clock.now()}`); };
  return {
    events,
    links,
    comes: async (what: string) => {
      void clock.start(what, () => inTurn.run(() => { note(what); }));
      await settled();
    },
    asks: async (what: string, due?: number) => {
      void clock.start(what, async () => { note(`${what} ${(await way.sent(due)) ? 'through' : 'given up'}`); });
      await settled();
    },
    advance: async (time: number) => {
      clock.obey({ number: (grants += 1), time, go: true });
      await settled();
    },
    cut: async (cut: Cut) => {
      reach.change(cut);
      await settled();
    },
    stand: async (...faults: LinkFault[]) => {
      links.stand(faults);
      await settled();
    },
  };
}

function settled(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}

describe('a slow way to NATS', () => {
  it('lets everything through later by its delay, in order', async () => {
    const { comes, advance, events } = makeNode(slow(3_000));
    await comes('first');
    await advance(1_000);
    await comes('second');
    await advance(2_999);
    expect(events).toEqual([]);
    await advance(3_000);
    await advance(4_000);
    expect(events).toEqual(['first at 3000', 'second at 4000']);
  });

  it('that is healed lets through at once what waits, and then what comes, in order', async () => {
    const { comes, advance, stand, events } = makeNode(slow(3_000));
    await comes('first');
    await comes('second');
    await advance(1_000);
    await stand();
    await comes('third');
    expect(events).toEqual(['first at 1000', 'second at 1000', 'third at 1000']);
  });

  it('that becomes slower or faster keeps the order', async () => {
    const { comes, advance, stand, events } = makeNode(slow(3_000));
    await comes('first');
    await stand(slow(500));
    await comes('second');
    await advance(500);
    expect(events).toEqual([]);
    await advance(3_000);
    expect(events).toEqual(['first at 3000', 'second at 3000']);
  });

  it('holds what comes through while the node is cut off, until it reaches the others again', async () => {
    const { comes, advance, cut, events } = makeNode(slow(3_000));
    await comes('first');
    await cut('isolated');
    await advance(3_000);
    expect(events).toEqual([]);
    await cut('none');
    expect(events).toEqual(['first at 3000']);
  });

  it('lets a question through that may wait as long, and no other', async () => {
    const { asks, advance, events } = makeNode(slow(3_000));
    await asks('a patient one', 3_000);
    await asks('a hasty one', 2_000);
    await advance(2_000);
    await advance(3_000);
    expect(events).toEqual(['a hasty one given up at 2000', 'a patient one through at 3000']);
  });

  it('does not count while the node joins', async () => {
    const { links } = makeNode(slow(3_000));
    expect(new NatsWay(links).late).toBe(false);
  });
});

describe('a lossy way to NATS', () => {
  it('holds up what comes behind that which is lost', async () => {
    const { comes, advance, events } = makeNode(loss);
    const all = Array.from({ length: 12 }, (_, index) => `message ${index + 1}`);
    for (const what of all) await comes(what);
    expect(events.length).toBeLessThan(all.length);
    for (let time = 1_000; events.length < all.length && time < 2_000_000; time += 1_000) await advance(time);
    expect(events.map((event) => event.replace(/ at .*/, ''))).toEqual(all);
  });
});

it('a fault on another way delays nothing here', async () => {
  const { comes, events } = makeNode({ to: 'smtp.office365.com', fault: 'slow', delayMs: 3_000 });
  await comes('first');
  expect(events).toEqual(['first at 0']);
});
