import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { busKeySchema, natsLoginSchema } from '@isesim/domain';
import * as z from 'zod';
import type { NatsAccess } from './nats-access.ts';

/** What a node that is started elsewhere needs to have: its own key, and the deployment's for sealed settings. */
export const remoteCredentialsSchema = z.object({
  deployment: z.string(),
  node: z.string(),
  nats: z.object({ url: z.string(), key: busKeySchema, login: natsLoginSchema.optional() }),
  sealingKey: z.string(),
});
export type RemoteCredentials = z.infer<typeof remoteCredentialsSchema>;

/** Writes the credentials file of one node, for its owner alone, and returns its path. */
export async function writeRemoteCredentials(folder: string, deployment: string, node: string, { url, login, level2, credentials }: NatsAccess): Promise<string> {
  const key = credentials.nodes[node];
  if (!key) throw new RangeError(`no credentials for ${node}`);
  const value: RemoteCredentials = { deployment, node, nats: { url, key, ...(login && !level2 ? { login } : {}) }, sealingKey: credentials.sealingKey };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${node}.json`);
  await writeFile(path, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  return path;
}
