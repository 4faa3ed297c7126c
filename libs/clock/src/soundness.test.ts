import { describe, expect, it } from 'vitest';
import { Adversary } from './test/adversary.ts';

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
      const run = await Adversary.run({ seed, order });
      expect(run.wrong, `seed ${seed}`).toEqual([]);
      advances += run.advances;
      mails += run.submissions;
    }
    expect(advances).toBeGreaterThan(1_000);
    expect(mails).toBeGreaterThan(300);
  }, 120_000);

  it('in fixed order does the same in the same order, whatever the delays', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const { done } = await Adversary.run({ seed, order: 'fixed', delays: 1_000 });
      expect(done.length).toBeGreaterThan(20);
      for (let delays = 1_001; delays <= 1_003; delays += 1) expect((await Adversary.run({ seed, order: 'fixed', delays })).done, `seed ${seed}, delays ${delays}`).toEqual(done);
    }
  }, 120_000);

  it('as it comes it does not: delays change what is done', async () => {
    const { done } = await Adversary.run({ seed: 1, delays: 1_000 });
    expect((await Adversary.run({ seed: 1, delays: 1_001 })).done).not.toEqual(done);
  });

  it('is caught by this adversary as soon as stream writes are not counted', async () => {
    let wrong = 0;
    for (let seed = 1; seed <= 12; seed += 1) wrong += (await Adversary.run({ seed, countsWrites: false })).wrong.length;
    expect(wrong).toBeGreaterThan(0);
  }, 120_000);
});
