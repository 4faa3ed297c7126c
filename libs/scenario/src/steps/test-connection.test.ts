import type { Disturbance } from '@isesim/deployment';
import type { ConnectionTest } from '@isesim/domain';
import { expect, it } from 'vitest';
import type { Stage } from '../stage.ts';
import { testConnection } from './test-connection.ts';

const failed: ConnectionTest = { node: 'psn-1', by: 'isesim', succeeded: false, message: 'no', certainty: 'ours', remedy: 'Import exchange-root.', outcome: { kind: 'deferred', stage: 'tls', reason: 'no' } };

async function refusal(faults: readonly Disturbance[], test = failed) {
  const deployment = { settings: { testConnection: () => Promise.resolve(test) }, faults: () => faults } as unknown as Stage['deployment'];
  return testConnection.refusal?.(await testConnection.run({ deployment, folder: '/nowhere' }, { node: 'psn-1' }))?.remedy;
}

it.each<[string, Disturbance]>([
  ['of its node', { node: 'psn-1', to: 'smtp.office365.com', fault: 'untrusted' }],
  ['of every node', { to: 'smtp.office365.com', fault: 'untrusted' }],
])('a test that fails names the fault %s that stands on its way, before what would mend a real one', async (_, fault) => {
  expect(await refusal([fault])).toMatch(/^A fault stands on its way: untrusted from (psn-1|every node) to smtp\.office365\.com\. End it with "isesim heal"\.\nWithout it: Import exchange-root\.$/);
});

it.each<[string, Disturbance]>([
  ['of another node', { node: 'psn-2', to: 'smtp.office365.com', fault: 'untrusted' }],
  ['on the way to NATS', { node: 'psn-1', to: 'nats', fault: 'timeout' }],
  ['that isolates the node from the others', { node: 'psn-1', fault: 'isolated' }],
])('a fault %s has nothing to do with it', async (_, fault) => {
  expect(await refusal([fault])).toBe('Import exchange-root.');
});

it('a test that succeeds names none', async () => {
  expect(await refusal([{ to: 'smtp.office365.com', fault: 'untrusted' }], { ...failed, succeeded: true })).toBeUndefined();
});
