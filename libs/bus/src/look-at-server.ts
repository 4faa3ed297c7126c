import { randomUUID } from 'node:crypto';
import { Problem, type BusKey, type NatsLogin } from '@isesim/domain';
import { connect, ErrorCode, NatsError, type NatsConnection } from 'nats';
import { connectOptions } from './connect-options.ts';
import { isPresent } from './presence.ts';
import { standingStreams } from './store.ts';
import { subjectsOf } from './streams.ts';

export interface ServerQuestion {
  readonly url: string;
  readonly deployment: string;
  /** The key of the store's account. */
  readonly store: BusKey;
  /** The keys of everybody who reports to the clock: the nodes and the double. */
  readonly agents: Readonly<Record<string, BusKey>>;
  /** For a server that does not know the keys. */
  readonly login?: NatsLogin | undefined;
}

/** What a server that others run offers a deployment. */
export interface ServerFindings {
  readonly version: string;
  /** True when it knows the deployment's accounts and refuses what a node may not do. */
  readonly level2: boolean;
  /** The largest message that it takes, bytes. */
  readonly maxPayload: number;
  /** A deployment of this name runs on it; nothing more is tried out then. */
  readonly present: boolean;
  /** Streams of a deployment of this name that it holds. */
  readonly streams: readonly string[];
}

// The oldest whose streams republish and are read by DIRECT.GET, on which all reading rests.
const versionMin = [2, 9] as const;
const connectWithinMs = 5_000;
const passedOnWithinMs = 1_000;
const lookEveryMs = 20;

/** Tries out a server before anything is started on it. Throws a `Problem` when no deployment can run there. */
export async function lookAtServer(question: ServerQuestion): Promise<ServerFindings> {
  const { url, deployment, login, store } = question;
  const { connection, known } = await reach(url, store, login);
  try {
    const { version, max_payload: maxPayload } = connection.info ?? { version: '0', max_payload: 0 };
    checkVersion(url, version);
    await checkJetStream(connection, url);
    const present = await isPresent(connection, deployment);
    const level2 = known && !present && (await isWalled(connection, question));
    return { version, maxPayload, level2, present, streams: await standingStreams(connection, deployment) };
  } finally {
    await connection.close();
  }
}

/** `known`: the server took the key, though one that asks nothing takes any. */
async function reach(url: string, key: BusKey, login: NatsLogin | undefined): Promise<{ connection: NatsConnection; known: boolean }> {
  try {
    return { connection: await open(url, key), known: true };
  } catch (error) {
    if (!isRefusal(error)) throw unreachable(url, error);
  }
  if (!login) throw refused(url, 'the keys of this deployment');
  try {
    return { connection: await open(url, key, login), known: false };
  } catch (error) {
    throw isRefusal(error) ? refused(url, 'user, password or token') : unreachable(url, error);
  }
}

function open(url: string, key: BusKey, login?: NatsLogin): Promise<NatsConnection> {
  return connect({ ...connectOptions({ url, key, login }), reconnect: false, timeout: connectWithinMs, ignoreClusterUpdates: true });
}

function checkVersion(url: string, version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > versionMin[0] || (major === versionMin[0] && minor >= versionMin[1])) return;
  throw new Problem('could not run', 'nats-too-old', `nats-server at ${url} is version ${version}; ${versionMin.join('.')} or newer is wanted`, 'Use a newer server, or leave --nats out: isesim then starts one of its own.');
}

async function checkJetStream(connection: NatsConnection, url: string): Promise<void> {
  try {
    await connection.jetstreamManager();
  } catch (error) {
    throw new Problem('could not run', 'no-jetstream', `nats-server at ${url} offers no JetStream`, 'Turn it on: "jetstream: enabled" in its configuration, or nats-server -js.', { cause: error });
  }
}

/**
 * Every agent publishes where it may and where it may not. The first must reach the store, else its account is not linked;
 * the second must not, else the server holds nobody back.
 */
async function isWalled(store: NatsConnection, { url, deployment, agents }: ServerQuestion): Promise<boolean> {
  const forbidden = `isesim.${deployment}.probe.${randomUUID()}`;
  const heard = new Set<string>();
  store.subscribe(forbidden, { callback: () => { heard.add(forbidden); } });
  store.subscribe(subjectsOf(deployment).work('*'), { callback: (_error, { subject }) => { heard.add(subject); } });
  await store.flush();
  await Promise.all(Object.entries(agents).map(([name, key]) => probe({ url, deployment, name, key, forbidden })));
  const unheard = () => Object.keys(agents).filter((name) => !heard.has(subjectsOf(deployment).work(name)));
  const unlinked = await settled(store, unheard);
  if (heard.has(forbidden)) return false;
  if (unlinked.length === 0) return true;
  throw new Problem('could not run', 'nats-accounts', `nats-server at ${url} knows ${unlinked.join(', ')}, but lets them reach nobody`, 'Restart it: before 2.10 a server that only reloads its configuration does not link new accounts.');
}

/** What is left of a list when it is empty, or when the servers of a cluster have had the time to pass everything on. */
async function settled(store: NatsConnection, left: () => string[]): Promise<string[]> {
  for (const start = Date.now(); ; await new Promise((resolve) => { setTimeout(resolve, lookEveryMs); })) {
    await store.flush();
    if (left().length === 0 || Date.now() - start > passedOnWithinMs) return left();
  }
}

interface Probe {
  readonly url: string;
  readonly deployment: string;
  readonly name: string;
  readonly key: BusKey;
  readonly forbidden: string;
}

async function probe({ url, deployment, name, key, forbidden }: Probe): Promise<void> {
  const connection = await open(url, key).catch((error: unknown) => {
    if (!isRefusal(error)) throw unreachable(url, error);
    throw new Problem('could not run', 'nats-accounts', `nats-server at ${url} does not know ${name} of "${deployment}"`, 'The topology has changed since: include what "isesim nats-config" prints anew, and restart the server.', { cause: error });
  });
  connection.publish(forbidden, 'probe');
  connection.publish(subjectsOf(deployment).work(name), 'probe');
  await connection.flush();
  await connection.close();
}

export function isRefusal(error: unknown): boolean {
  return error instanceof NatsError && [ErrorCode.AuthorizationViolation, ErrorCode.BadAuthentication, ErrorCode.AuthenticationTimeout, ErrorCode.BadCreds].map(String).includes(error.code);
}

function refused(url: string, what: string): Problem {
  return new Problem(
    'could not run',
    'nats-credentials',
    `nats-server at ${url} refuses ${what}`,
    'Include what "isesim nats-config <topology>" prints in its configuration and restart it; or give a user and password in ISESIM_NATS_URL, as nats://user:password@host:4222.',
  );
}

export function unreachable(url: string, error: unknown): Problem {
  const why = error instanceof Error ? error.message : String(error);
  return new Problem('could not run', 'nats-unreachable', `nats-server at ${url} cannot be reached: ${why}`, 'Is it running there, and is the address right? Without --nats isesim starts one of its own.', { cause: error });
}
