import { expect, it } from 'vitest';
import { testStage } from '../testing.ts';
import { firstRunning } from './running-nodes.ts';

const psns = { persona: 'psn', so: ', so no portal can be reached' } as const;

it('the first node that runs is taken, of those that can do it', () => {
  const { deployment } = testStage({ away: { 'psn-1': 'killed' } }).stage;
  expect([firstRunning(deployment), firstRunning(deployment, psns)]).toEqual(['ise-1', 'psn-2']);
});

it.each<[string, Record<string, string>, object]>([
  ['killed', { 'psn-1': 'killed', 'psn-2': 'killed' }, { code: 'no-psn', message: 'no PSN is running, so no portal can be reached', remedy: 'Start one: isesim node start <name>; "isesim status" shows them.' }],
  [
    'cut off from NATS',
    { 'psn-1': 'cut off from NATS', 'psn-2': 'cut off from NATS' },
    { code: 'no-psn', message: 'no PSN is Connected, so no portal can be reached: psn-1 is Disconnected (cut off from NATS), and no other is Connected', remedy: 'Bring them back: isesim heal; "isesim status" shows them.' },
  ],
  ['killed or paused', { 'psn-1': 'killed', 'psn-2': 'paused' }, { remedy: 'Bring it back: isesim heal --node psn-2; "isesim status" shows them.' }],
])('where all are %s it is told what brings one back', (_, away, problem) => {
  const { deployment } = testStage({ away }).stage;
  expect(() => firstRunning(deployment, psns)).toThrow(expect.objectContaining(problem) as Error);
});
