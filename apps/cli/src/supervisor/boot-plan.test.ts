import { parseTopology } from '@isesim/topology';
import { expect, test } from 'vitest';
import { timeToGoOn, topologyDigest } from './boot-plan.ts';
import type { KeptState } from '../client/kept-state.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const text = 'name: one\nnodes:\n  - { name: ise-1, pan: primary, mnt: primary, psn: true }\n';

function digestOf(more: string, env: Record<string, string> = {}, startTime = 0): string {
  return topologyDigest(parseTopology(text + more, { file: 'one.yaml', env, startTime }), key);
}

test('a topology is the same when it says the same, its secrets included', () => {
  const secret = 'smtpServer: { host: smtp.office365.com, port: 587, tls: true, authentication: { type: password, username: isesim, password: "${PASSWORD}" } }\n';
  expect(digestOf('# a remark\n')).toBe(digestOf(''));
  expect(digestOf('guests: [{ count: 1, type: Daily, validFor: 1d }]\n')).not.toBe(digestOf(''));
  expect(digestOf(secret, { PASSWORD: 'one' })).toBe(digestOf(secret, { PASSWORD: 'one' }));
  expect(digestOf(secret, { PASSWORD: 'two' })).not.toBe(digestOf(secret, { PASSWORD: 'one' }));
});

test.each([
  ['real', 1_000_000, 'the time in between has passed', 5_000 + 900_000],
  ['real', 50_000, 'a wall that was set back turns nothing back', 5_000],
  ['stepped', 1_000_000, 'nothing has passed', 5_000],
  ['60x', 1_000_000, 'it goes on where it stopped', 5_000],
] as const)('in %s time at wall %d %s', (time, now, _what, expected) => {
  const kept = { deployment: { memory: { time: 5_000, incarnations: {} } }, stoppedAt: 100_000 } as unknown as KeptState;
  expect(timeToGoOn(kept, time, now)).toBe(expected);
});
