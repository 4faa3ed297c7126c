import { expect, it } from 'vitest';
import { Reach, type Cut } from './reach.ts';

/** A node's reach; `events` is what it did, in order. */
function makeReach() {
  const events: string[] = [];
  let last: Promise<void> = Promise.resolve();
  const reach = new Reach({ node: 'psn-1', start: (_what, run) => { last = run(); } });
  reach.onRestored(() => {
    events.push(`catches up, current: ${reach.current}`);
    return Promise.resolve();
  });
  reach.onChange(() => {
    events.push(`current: ${reach.current}`);
    return Promise.resolve();
  });
  const change = async (cut: Cut) => {
    reach.change(cut);
    await last;
  };
  return { reach, events, change };
}

it('a node is current again only when it has caught up', async () => {
  const { change, events } = makeReach();
  await change('isolated');
  await change('none');
  expect(events).toEqual(['current: false', 'catches up, current: false', 'current: true']);
});

it('a cut that becomes a worse one is one cut', async () => {
  const { change, events, reach } = makeReach();
  await change('isolated');
  await change('no NATS');
  await change('no NATS');
  expect(events).toEqual(['current: false']);
  expect(reach.problem('it cannot read accounts').message).toBe('psn-1 is cut off from NATS, so it cannot read accounts');
});

it('a node that is cut off again while it catches up is not current', async () => {
  const { reach, change, events } = makeReach();
  await change('isolated');
  reach.onRestored(() => {
    reach.change('isolated');
    return Promise.resolve();
  });
  await change('none');
  expect(reach.current).toBe(false);
  expect(events).not.toContain('current: true');
});

it('who waits for the end of a cut goes on when it has ended', async () => {
  const { reach, change, events } = makeReach();
  const wait = (who: string) => reach.restored().then(() => { events.push(`${who} goes on`); });
  await wait('whoever has nothing to wait for');
  await change('isolated');
  const waiting = wait('whoever waits');
  await change('none');
  await waiting;
  expect(events).toEqual(['whoever has nothing to wait for goes on', 'current: false', 'catches up, current: false', 'whoever waits goes on', 'current: true']);
});
