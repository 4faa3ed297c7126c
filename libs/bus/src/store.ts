import type { DeploymentNode } from '@isesim/domain';
import { DiscardPolicy, RetentionPolicy, StorageType, type NatsConnection } from 'nats';
import { streamsOf, type Stream } from './streams.ts';

/**
 * Makes every stream of a deployment, on the store account's connection. Streams that are there already are left as they
 * are. All revisions of the configuration are kept: with one per subject, an unfenced write would destroy the last good value.
 */
export async function createStreams(connection: NatsConnection, deployment: string, nodes: readonly Pick<DeploymentNode, 'name' | 'personas'>[]): Promise<void> {
  const { streams } = await connection.jetstreamManager();
  await Promise.all(allStreams(deployment, nodes).map((stream) => streams.add(definition(stream))));
}

/** The last sequence of each stream, read after a writer died: it may have written what it never reported. */
export async function lastSequences(connection: NatsConnection, deployment: string, nodes: readonly Pick<DeploymentNode, 'name' | 'personas'>[]): Promise<Record<string, number>> {
  const { streams } = await connection.jetstreamManager();
  const entries = allStreams(deployment, nodes).map(async ({ name }) => [name, (await streams.info(name)).state.last_seq] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function allStreams(deployment: string, nodes: readonly Pick<DeploymentNode, 'name' | 'personas'>[]): Stream<unknown>[] {
  const { outbox, ...shared } = streamsOf(deployment);
  return [...Object.values(shared), ...nodes.flatMap(({ name, personas }) => personas.map((persona) => outbox(persona, name)))];
}

function definition({ name, subjects, feed, lastOnly }: Stream<unknown>) {
  const prefix = subjects.slice(0, -2);
  return {
    name,
    subjects: [subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    num_replicas: 1,
    max_msgs_per_subject: lastOnly ? 1 : -1,
    allow_direct: true,
    deny_delete: true,
    deny_purge: true,
    allow_rollup_hdrs: false,
    ...(feed === undefined ? {} : { republish: { src: `${prefix}.>`, dest: `${feed}.>` } }),
  };
}
