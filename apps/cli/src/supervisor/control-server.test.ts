import { request } from 'node:http';
import { Problem } from '@isesim/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askSupervisor } from '../client/ask.ts';
import { testSupervised } from '../operations/test-supervised.ts';
import { startControlServer, type ControlServer } from './control-server.ts';

const token = 'the token';
let server: ControlServer;
let downs = 0;

beforeEach(async () => {
  downs = 0;
  server = await startControlServer({ token, onDown: () => { downs += 1; } });
});
afterEach(() => server.close());

const supervisor = () => ({ name: 'test', pid: process.pid, url: server.url, token, startedAt: '', folder: '/state/test' });
const ask = (name: string, given: object, onItem?: (item: object) => void) => askSupervisor(supervisor(), name, given, onItem);

function raw(headers: Record<string, string>, { method = 'POST', path = '/status', body = '{}' } = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(`${server.url}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers }, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, text }); });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

test('whoever has the token is answered, by address and by name', async () => {
  server.serve(testSupervised().supervised);
  const { port } = new URL(server.url);
  expect((await raw({})).status).toBe(200);
  expect((await raw({ host: `localhost:${port}` })).status).toBe(200);
});

test.each([
  ['no token', { authorization: '' }, 401],
  ['another token', { authorization: 'Bearer the takes' }, 401],
  ['a token of another length', { authorization: 'Bearer x' }, 401],
  ['a web page, by its Origin', { origin: 'https://page.example' }, 403],
  ['a web page that was opened from a file', { origin: 'null' }, 403],
  ['a page of this very server, if there were one', { origin: 'http://127.0.0.1' }, 403],
  ['a name that was rebound to this address', { host: 'page.example' }, 403],
  ['another port of this host', { host: '127.0.0.1:1' }, 403],
])('refused: %s', async (_who, headers, status) => {
  server.serve(testSupervised().supervised);
  const answer = await raw(headers);
  expect(answer.status).toBe(status);
  expect(answer.text).not.toContain('deployment');
});

test('down is behind the same door', async () => {
  expect((await raw({ authorization: '' }, { path: '/down' })).status).toBe(401);
  expect(downs).toBe(0);
  await ask('down', {});
  expect(downs).toBe(1);
});

test('while it starts nothing is done but down', async () => {
  await expect(ask('status', {})).rejects.toMatchObject({ kind: 'refused', code: 'starting' });
});

test('an operation is done and answered', async () => {
  server.serve(testSupervised().supervised);
  expect(await ask('clock', {})).toEqual({ now: '2026-02-02T05:00:00Z', time: 'stepped' });
});

test('a problem comes back with all of its fields', async () => {
  const world = testSupervised();
  server.serve(world.supervised);
  Object.assign(world.supervised.deployment, { ask: () => Promise.reject(new Problem('refused', 'no-answer', 'psn-1 did not answer', 'Look at it.')) });
  await expect(ask('alarm-raise', { name: 'x' })).rejects.toMatchObject({ kind: 'refused', code: 'no-answer', message: 'psn-1 did not answer', remedy: 'Look at it.' });
});

test('wrong input names the flag', async () => {
  server.serve(testSupervised().supervised);
  await expect(ask('mail-wait', { timeout: '30' })).rejects.toMatchObject({ kind: 'wrong input', message: '--timeout "30" is not a duration' });
});

test('what is no JSON, too long, or unknown is refused', async () => {
  server.serve(testSupervised().supervised);
  expect((await raw({}, { body: '{' })).status).toBe(400);
  expect((await raw({}, { body: JSON.stringify({ x: 'x'.repeat(8_000_001) }) })).status).toBe(400);
  expect((await raw({}, { path: '/nothing' })).status).toBe(404);
  expect((await raw({}, { path: '/__proto__' })).status).toBe(404);
  expect((await raw({}, { method: 'GET' })).status).toBe(404);
});

test('a stream sends its items ahead of its end', async () => {
  const world = testSupervised();
  server.serve(world.supervised);
  const items: object[] = [];
  const tailed = ask('mail-tail', {}, (item) => items.push(item));
  await expect.poll(() => world.listeners.size).toBe(1);
  world.accept({ id: 'first' });
  world.accept({ id: 'second' });
  await expect.poll(() => items.length).toBe(2);
  server.endCalls();
  expect(await tailed).toEqual({});
  expect(items).toMatchObject([{ mail: { id: 'first' } }, { mail: { id: 'second' } }]);
});

test('an asker that goes away ends what it asked for', async () => {
  const world = testSupervised();
  server.serve(world.supervised);
  const asking = request(`${server.url}/mail-tail`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, agent: false });
  asking.on('error', () => undefined);
  asking.end('{}');
  await expect.poll(() => world.listeners.size).toBe(1);
  asking.destroy();
  await expect.poll(() => world.listeners.size).toBe(0);
});

test('once it is being stopped, waiting ends and asking is refused', async () => {
  const world = testSupervised();
  server.serve(world.supervised);
  const waited = ask('mail-wait', { timeout: '30s' });
  await expect.poll(() => world.listeners.size).toBe(1);
  server.endCalls();
  await expect(waited).rejects.toMatchObject({ kind: 'refused', code: 'stopped' });
  await expect(ask('status', {})).rejects.toMatchObject({ kind: 'refused', code: 'stopping' });
});
