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

/** Removes the streams of a deployment and all that they hold: on a server that lives on without it. */
export async function removeStreams(connection: NatsConnection, deployment: string): Promise<void> {
  const { streams } = await connection.jetstreamManager();
  const names = await standingStreams(connection, deployment);
  await Promise.all(names.map((name) => streams.delete(name)));
}

/** The streams of a deployment that a server holds, whichever nodes it had. */
export async function standingStreams(connection: NatsConnection, deployment: string): Promise<string[]> {
  const { streams } = await connection.jetstreamManager();
  const names: string[] = [];
  for await (const { config } of streams.list()) if (config.subjects.every((subject) => isOf(deployment, subject))) names.push(config.name);
  return names;
}

/** By their subjects, since an account may hold streams of others under any name. */
function isOf(deployment: string, subject: string): boolean {
  return [`isesim.${deployment}.`, `$KV.${deployment}_config.`, `$KV.${deployment}_accounts.`].some((prefix) => subject.startsWith(prefix));
}

const keptName = (deployment: string) => `${deployment}_kept`;

/** Marks the streams of a deployment that was stopped to go on later; else they are what a crash left. */
export async function markKept(connection: NatsConnection, deployment: string): Promise<void> {
  const { streams } = await connection.jetstreamManager();
  await streams.add({ name: keptName(deployment), subjects: [`isesim.${deployment}.kept`], storage: StorageType.File });
}

/** It goes on: the mark is taken away. */
export async function unmarkKept(connection: NatsConnection, deployment: string): Promise<void> {
  const { streams } = await connection.jetstreamManager();
  if ((await standingStreams(connection, deployment)).includes(keptName(deployment))) await streams.delete(keptName(deployment));
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
