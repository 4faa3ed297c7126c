import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Problem, type BusKey } from '@isesim/domain';
import { expect, onTestFinished, test } from 'vitest';
import { accountsConfiguration } from './accounts.ts';
import { connectOptions } from './connect-options.ts';
import { createBusKey } from './keys.ts';
import { lookAtServer, type ServerQuestion } from './look-at-server.ts';
import { answerPresence } from './presence.ts';
import { createStreams } from './store.ts';
import { startNats } from './testing.ts';
import { connect } from 'nats';

const members = [
  { name: 'ise-1', personas: ['pan', 'mnt'] },
  { name: 'psn-1', personas: ['psn'] },
] as const;
const agents = { 'ise-1': createBusKey(), 'psn-1': createBusKey(), microsoft365: createBusKey() };
const store = createBusKey();
const jetstream = 'jetstream: { store_dir: "$FOLDER/store" }';
const login = { user: 'isesim', pass: 'demo-secret' };
const asksLogin = 'authorization: { user: isesim, password: demo-secret }';

function accountsWith(keys: Readonly<Record<string, BusKey>>): string {
  const publicOf = (name: string) => keys[name]?.publicKey ?? createBusKey().publicKey;
  const nodes = { 'ise-1': publicOf('ise-1'), 'psn-1': publicOf('psn-1') };
  return `accounts: {\n${accountsConfiguration({ deployment: 'demo', members, keys: { store: store.publicKey, operator: publicOf('operator'), microsoft365: publicOf('microsoft365'), nodes } })}\n}`;
}

async function look(configuration: string[], question: Partial<ServerQuestion> = {}) {
  const server = await startNats(...configuration);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return lookAtServer({ url: server.url, deployment: 'demo', store, agents, ...question });
}

test('a server with the accounts of the deployment holds nodes back', async () => {
  expect(await look([jetstream, 'max_payload: 8MB', accountsWith(agents)])).toMatchObject({ level2: true, maxPayload: 8 * 1024 * 1024, present: false, streams: [] });
});

test('a server that asks nothing lets a deployment run, and holds nobody back', async () => {
  expect(await look([jetstream])).toMatchObject({ level2: false });
});

test('a server that asks for a login lets a deployment run with it, and holds nobody back', async () => {
  expect(await look([jetstream, asksLogin], { login })).toMatchObject({ level2: false });
});

test('one account for all agents is no level 2, though the server knows every key', async () => {
  const users = [store, ...Object.values(agents)].map(({ publicKey }) => `{ nkey: ${publicKey} }`).join(', ');
  expect(await look([jetstream, `authorization: { users: [${users}] }`])).toMatchObject({ level2: false });
});

test('streams and presence of a deployment of the same name are found, those of others are not', async () => {
  await using server = await startNats(jetstream);
  const connection = await connect(connectOptions({ url: server.url, key: store }));
  await createStreams(connection, 'other', members);
  const question = { url: server.url, deployment: 'demo', store, agents };
  expect(await lookAtServer(question)).toMatchObject({ present: false, streams: [] });

  await createStreams(connection, 'demo', members);
  answerPresence(connection, 'demo');
  const found = await lookAtServer(question);

  expect(found.present).toBe(true);
  expect(found.streams).toContain('demo_mail');
  expect(found.streams.filter((name) => name.includes('other'))).toEqual([]);
  await connection.close();
});

test.each([
  ['no JetStream', [], {}, 'no-jetstream'],
  ['a login and gets none', [jetstream, asksLogin], {}, 'nats-credentials'],
  ['another login', [jetstream, asksLogin], { login: { user: 'isesim', pass: 'wrong' } }, 'nats-credentials'],
  ['accounts in which a node is missing', [jetstream, accountsWith({ ...agents, 'psn-1': createBusKey() })], {}, 'nats-accounts'],
] as const)('no deployment runs on a server with %s: one problem with a remedy', async (_what, configuration, question, code) => {
  const problem = await look([...configuration], question).catch((error: unknown) => error);

  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ kind: 'could not run', code });
  expect((problem as Problem).message).toContain('nats://127.0.0.1:');
  expect((problem as Problem).remedy).not.toBe('');
});

test('no deployment runs where nobody listens', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');

  await expect(lookAtServer({ url: `nats://127.0.0.1:${port}`, deployment: 'demo', store, agents })).rejects.toMatchObject({ kind: 'could not run', code: 'nats-unreachable' });
});

test('no deployment runs on a server that is too old to republish', async () => {
  // Old servers are hard to come by: this one only says that it is one.
  const server = createServer((socket) => {
    socket.write('INFO {"server_id":"x","version":"2.8.4","proto":1,"headers":true,"max_payload":1048576,"jetstream":true}\r\n');
    socket.on('data', (data) => { if (data.includes('PING')) socket.write('PONG\r\n'); });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => { server.close(); });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  await expect(lookAtServer({ url: `nats://127.0.0.1:${port}`, deployment: 'demo', store, agents })).rejects.toMatchObject({ code: 'nats-too-old', message: expect.stringContaining('2.8.4') as string });
});
