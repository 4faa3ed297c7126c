import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerJoins, JoinLink, type JoinMessage } from './join.ts';
import { promiseParts, TestNats } from './testing.ts';

let nats: TestNats;
beforeAll(async () => {
  nats = await TestNats.start({ d: [{ name: 'psn-1', personas: ['psn'] }] });
}, 30_000);
afterAll(async () => {
  await nats[Symbol.asyncDispose]();
});

test('what a node says before the deployment hears is said again, and what takes its time to be answered is taken once', async () => {
  const link = await JoinLink.open({ url: nats.url, key: nats.key('d', 'psn-1') }, 'd', 'psn-1');
  const saying = link.say({ kind: 'join' });
  const heard: [string, JoinMessage][] = [];
  const { promise, resolve } = promiseParts();
  const store = await nats.bus('d', 'store');
  answerJoins(store.connection, 'd', async (node, message) => {
    heard.push([node, message]);
    await promise;
    return { ends: true };
  });
  let said = 0;
  store.connection.subscribe(store.subjects.join('*'), { callback: () => { if (++said === 2) resolve(); } });

  expect(await saying).toEqual({ ends: true });
  expect(heard).toEqual([['psn-1', { kind: 'join' }]]);
  expect(await link.say({ kind: 'joined', incarnation: 1 })).toEqual({ ends: true });
  expect(heard.map(([, { kind }]) => kind)).toEqual(['join', 'joined']);
  await link.close();
});
