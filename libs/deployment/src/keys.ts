import { createBusKey, type DeploymentKeys } from '@isesim/bus';
import { busKeySchema, type BusKey } from '@isesim/domain';
import { randomBytes } from 'node:crypto';
import * as z from 'zod';

/** All credentials of a deployment. Kept in files that their owner alone can read. */
export const deploymentCredentialsSchema = z.object({
  store: busKeySchema,
  operator: busKeySchema,
  microsoft365: busKeySchema,
  nodes: z.record(z.string(), busKeySchema),
  sealingKey: z.string(),
});
export type DeploymentCredentials = z.infer<typeof deploymentCredentialsSchema>;

export function createCredentials(nodes: readonly string[]): DeploymentCredentials {
  return {
    store: createBusKey(),
    operator: createBusKey(),
    microsoft365: createBusKey(),
    nodes: Object.fromEntries(nodes.map((name) => [name, createBusKey()])),
    sealingKey: randomBytes(32).toString('base64'),
  };
}

/** What the server's configuration must know: the public halves. */
export function publicKeys(credentials: DeploymentCredentials): DeploymentKeys {
  const publicOf = ({ publicKey }: BusKey) => publicKey;
  return {
    store: publicOf(credentials.store),
    operator: publicOf(credentials.operator),
    microsoft365: publicOf(credentials.microsoft365),
    nodes: Object.fromEntries(Object.entries(credentials.nodes).map(([name, key]) => [name, publicOf(key)])),
  };
}
