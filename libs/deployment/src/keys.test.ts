import { expect, test } from 'vitest';
import { createCredentials, deploymentCredentialsSchema, publicKeys } from './keys.ts';

test('every agent has a key of its own, and no other deployment has it', () => {
  const [one, other] = [createCredentials(['ise-1', 'psn-1']), createCredentials(['ise-1', 'psn-1'])];
  const seeds = [one, other].flatMap(({ store, operator, microsoft365, nodes }) => [store, operator, microsoft365, ...Object.values(nodes)].map(({ seed }) => seed));

  expect(new Set(seeds).size).toBe(10);
  expect(one.sealingKey).not.toBe(other.sealingKey);
  expect(Buffer.from(one.sealingKey, 'base64')).toHaveLength(32);
  expect(deploymentCredentialsSchema.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
});

test('what the server is told are the public halves alone', () => {
  const credentials = createCredentials(['ise-1', 'psn-1']);
  const keys = publicKeys(credentials);

  expect(Object.keys(keys.nodes)).toEqual(['ise-1', 'psn-1']);
  expect(JSON.stringify(keys)).not.toMatch(/"S[A-Z2-7]{30,}/);
  expect([keys.store, keys.operator, keys.microsoft365, ...Object.values(keys.nodes)].every((key) => /^U[A-Z2-7]{55}$/.test(key))).toBe(true);
});
