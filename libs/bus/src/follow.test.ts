import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Follow } from './follow.ts';
import { TestClock } from './testing.ts';

/** A stream that is read when `reading` lets it, and a follower that notes what it takes. */
function following({ stored = [] as number[], from = 1 } = {}) {
  const taken: number[] = [];
  const open = new Set<Promise<unknown>>();
  const held: (() => void)[] = [];
  let holding = false;
  let reads = 0;
  const follow = new Follow<{ sequence: number }>({
    name: 's',
    from,
    readNext: async (sequence) => {
      reads += 1;
      if (holding) await new Promise<void>((resolve) => held.push(resolve));
      const next = stored.filter((each) => each >= sequence).sort((a, b) => a - b)[0];
      return next === undefined ? undefined : { sequence: next };
    },
    take: ({ sequence }) => { taken.push(sequence); },
    work: new TestClock(),
    start: (_what, run) => { open.add(run()); },
  });
  return {
    follow,
    stored,
    taken,
    /** The server stores the messages and the feed brings them, in the order given. */
    arrive: (...sequences: number[]) => {
      stored.push(...sequences.filter((sequence) => !stored.includes(sequence)));
      for (const sequence of sequences) follow.arrived({ sequence });
    },
    hold: () => { holding = true; },
    letGo: () => {
      holding = false;
      for (const go of held.splice(0)) go();
    },
    reads: () => reads,
    /** Resolves when everything that was set off is over. */
    over: async () => {
      for (const running of open) await running;
    },
  };
}

test('what is stored already is taken first, from the sequence asked for', async () => {
  const { follow, taken } = following({ stored: [1, 2, 3, 4], from: 3 });
  await follow.catchUp();

  expect(taken).toEqual([3, 4]);
});

test('what arrives in order is taken at once, without reading', async () => {
  const { follow, taken, arrive, reads } = following();
  await follow.catchUp();
  const before = reads();
  arrive(1, 2, 3);

  expect(taken).toEqual([1, 2, 3]);
  expect(reads()).toBe(before);
});

test('a message that the feed lost is read before the one behind it is taken', async () => {
  const { taken, stored, arrive, over } = following();
  stored.push(1, 2);
  arrive(3);
  expect(taken).toEqual([]);
  await over();

  expect(taken).toEqual([1, 2, 3]);
});

test('sequences that were deleted from the stream are passed over', async () => {
  const { follow, taken, arrive, over } = following({ stored: [2, 5] });
  await follow.catchUp();
  arrive(9);
  await over();

  expect(taken).toEqual([2, 5, 9]);
});

test('a message that comes twice, or late, is taken once', async () => {
  const { follow, taken, arrive, over } = following();
  await follow.catchUp();
  arrive(1, 1, 2, 1, 2, 3);
  await over();

  expect(taken).toEqual([1, 2, 3]);
});

test('what arrives while stored messages are read is taken once and in order', async () => {
  const { follow, taken, arrive, hold, letGo, over } = following({ stored: [1, 2] });
  hold();
  const caughtUp = follow.catchUp();
  arrive(3, 4);
  letGo();
  await caughtUp;
  await over();

  expect(taken).toEqual([1, 2, 3, 4]);
});

test('the next message is taken from the feed even while the same is being read', async () => {
  const { follow, taken, arrive, hold, letGo } = following();
  hold();
  const caughtUp = follow.catchUp();
  arrive(1);
  expect(taken).toEqual([1]);
  letGo();
  await caughtUp;

  expect(taken).toEqual([1]);
});

test('whoever asks to catch up while that is under way gets the end as it is when asked', async () => {
  const { follow, stored, taken, hold, letGo } = following({ stored: [1] });
  hold();
  const first = follow.catchUp();
  stored.push(2);
  const second = follow.catchUp();
  letGo();
  await second;
  expect(taken).toEqual([1, 2]);
  await first;
});

test('a thousand arrivals behind a gap are served by one further round, not by one each', async () => {
  const { follow, taken, stored, arrive, hold, letGo, reads, over } = following();
  hold();
  const caughtUp = follow.catchUp();
  stored.push(1);
  arrive(...Array.from({ length: 1_000 }, (_, index) => index + 2));
  letGo();
  await caughtUp;
  await over();

  expect(taken).toHaveLength(1_001);
  expect(reads()).toBeLessThan(1_001 + 5);
});

test('after a reconnect everything missed is taken, and the feed goes on from there', async () => {
  const { follow, taken, stored, arrive } = following();
  arrive(1, 2);
  stored.push(3, 4, 5);
  await follow.catchUp();
  arrive(6);

  expect(taken).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a read that fails is told to who asked, and the next one goes on where it stopped', async () => {
  const stored = [1, 2];
  const taken: number[] = [];
  let broken = true;
  const follow = new Follow<{ sequence: number }>({
    name: 's',
    from: 1,
    readNext: (sequence) => (broken && sequence === 2 ? Promise.reject(new Error('closed')) : Promise.resolve(stored[sequence - 1] === undefined ? undefined : { sequence })),
    take: ({ sequence }) => { taken.push(sequence); },
    work: new TestClock(),
    start: () => undefined,
  });
  await expect(follow.catchUp()).rejects.toThrow('closed');
  broken = false;
  await follow.catchUp();

  expect(taken).toEqual([1, 2]);
});

test('whatever the feed loses, repeats or reorders: everything is taken once and in order', async () => {
  const arrivals = fc.array(fc.oneof(fc.nat(20), fc.constantFrom('hold', 'let go', 'turn')), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(arrivals, async (steps) => {
      const { follow, taken, stored, arrive, hold, letGo, over } = following();
      for (const step of steps) {
        if (step === 'hold') hold();
        else if (step === 'let go') letGo();
        else if (step === 'turn') await Promise.resolve();
        // A sequence can only arrive when everything before it is stored.
        else {
          for (let sequence = 1; sequence <= step; sequence += 1) if (!stored.includes(sequence)) stored.push(sequence);
          if (step > 0) arrive(step);
        }
      }
      letGo();
      await over();
      await follow.catchUp();

      expect(taken).toEqual(Array.from({ length: stored.length }, (_, index) => index + 1));
    }),
    { numRuns: 300 },
  );
});
