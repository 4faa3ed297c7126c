import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeControlFile } from '../client/control-file.ts';
import { liveNames } from './live-names.ts';

let state: string;
let server: Server | undefined;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'isesim-completion-'));
  vi.stubEnv('XDG_STATE_HOME', state);
});
afterEach(() => {
  vi.unstubAllEnvs();
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(state, { recursive: true, force: true });
});

async function runSupervisor(answer: string | undefined): Promise<void> {
  const listening = createServer((_, response) => { if (answer !== undefined) response.end(answer); });
  server = listening;
  await new Promise<void>((resolve) => { listening.listen(0, '127.0.0.1', resolve); });
  const folder = join(state, 'isesim', 'small');
  mkdirSync(folder, { recursive: true });
  await writeControlFile(folder, { name: 'small', pid: process.pid, url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, token: 'token', startedAt: '2026-01-05T09:00:00Z' });
}

test('the names are those that the supervisor tells', async () => {
  await runSupervisor(JSON.stringify({ nodes: [{ name: 'ise-1' }, { name: 'ise-2' }] }));
  expect(await liveNames.deployments()).toEqual(['small']);
  expect(await liveNames.nodes(undefined)).toEqual(['ise-1', 'ise-2']);
  expect(await liveNames.nodes('other')).toEqual([]);
});

test.each([
  ['refuses', JSON.stringify({ problem: { kind: 'refused', code: 'starting', message: 'still starting', remedy: 'Wait.' } })],
  ['talks nonsense', 'nonsense'],
  ['is silent', undefined],
])('there are no names when the supervisor %s', async (_, answer) => {
  await runSupervisor(answer);
  expect(await liveNames.nodes('small')).toEqual([]);
});

test('there are no names when nothing runs', async () => {
  expect(await liveNames.deployments()).toEqual([]);
  expect(await liveNames.nodes(undefined)).toEqual([]);
});
