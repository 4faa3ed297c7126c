import { expect, test } from 'vitest';
import { watchPlan } from './planned-looks.ts';
import { TestNode } from './test-node.ts';

/** A watch that looks as often as the lifetime of passwords says, and fails when it is told to. */
function makeWatch() {
  const pan = new TestNode(0);
  const looked: number[] = [];
  const state = { fails: false };
  const plan = () => pan.page('password-policy').administrators.lifetimeDays;
  const watch = watchPlan(pan.node, 'looks', () =>
    Promise.resolve({
      plan,
      look: (every: number, now: number) => {
        if (state.fails) return Promise.reject(new Error('cannot tell'));
        looked.push(now);
        return Promise.resolve(now + every);
      },
    }),
  );
  const setPlan = (lifetimeDays: number) => pan.settings.write({ 'password-policy': { ...pan.pages['password-policy'], administrators: { lifetimeDays, reminderDays: 1 } } });
  return { pan, looked, state, watch, setPlan };
}

test('it is looked at once, then when something is due, and anew as soon as the plan is another', async () => {
  const { pan, looked, watch, setPlan } = makeWatch();
  await setPlan(10);
  await watch.begin();
  await pan.advance(25);
  await setPlan(100);
  await setPlan(100);
  await pan.advance(130);

  expect(looked).toEqual([0, 10, 20, 25, 125]);
});

test('a first look that fails ends the term: the next one alone follows what changes', async () => {
  const { pan, looked, state, watch, setPlan } = makeWatch();
  await setPlan(10);
  state.fails = true;
  await expect(watch.begin()).rejects.toThrow('cannot tell');
  state.fails = false;
  await setPlan(20);
  expect(pan.due).toEqual([]);

  await watch.begin();
  await setPlan(30);
  await pan.advance(0);
  expect(looked).toEqual([0, 0]);
});
