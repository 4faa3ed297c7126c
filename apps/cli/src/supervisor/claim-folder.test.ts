import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readControlFile, writeControlFile, type ControlFile } from '../client/control-file.ts';
import { findDeployment, runningDeployments } from '../client/find-deployment.ts';
import { claimFolder } from './claim-folder.ts';

let state: string;
let parent: string;
let listening: Server;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'isesim-claim-'));
  parent = join(state, 'isesim');
  listening = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
});
afterEach(async () => {
  listening.close();
  await rm(state, { recursive: true });
});

const folderOf = (name: string) => join(parent, name);
const running = (name: string): ControlFile => ({ name, pid: process.pid, url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, token: name, startedAt: '' });
const env = () => ({ XDG_STATE_HOME: state });

/** What a supervisor leaves that dies before its guardian knows of it. */
async function leaveBehind(name: string, control: Partial<ControlFile>): Promise<void> {
  await mkdir(folderOf(name), { recursive: true });
  await writeControlFile(folderOf(name), { ...running(name), ...control });
}

test('a claim is a folder and a file for their owner alone', async () => {
  await claimFolder(folderOf('demo'), running('demo'));
  expect(await readControlFile(folderOf('demo'))).toEqual(running('demo'));
  expect((await stat(folderOf('demo'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(folderOf('demo'), 'control.json'))).mode & 0o777).toBe(0o600);
  expect(await readdir(parent)).toEqual(['demo']);
});

test('a name whose supervisor lives is refused, and nothing changes', async () => {
  await claimFolder(folderOf('demo'), running('demo'));
  await expect(claimFolder(folderOf('demo'), { ...running('demo'), token: 'second' })).rejects.toMatchObject({ kind: 'refused', code: 'running', message: 'deployment "demo" is running already' });
  expect(await readControlFile(folderOf('demo'))).toEqual(running('demo'));
  expect(await readdir(parent)).toEqual(['demo']);
});

test('of many that claim at once one succeeds', async () => {
  await leaveBehind('demo', { url: 'http://127.0.0.1:1', token: 'left behind' });
  const claims = Array.from({ length: 8 }, (_, index) => claimFolder(folderOf('demo'), { ...running('demo'), token: `${index}` }, 200).then(() => `${index}`, () => undefined));
  const winners = (await Promise.all(claims)).filter((token) => token !== undefined);
  expect(winners).toEqual([(await readControlFile(folderOf('demo')))?.token]);
  expect(await readdir(parent)).toEqual(['demo']);
});

test.each([
  ['whose process is dead', { pid: 2 ** 22 + 1 }],
  ['whose process id is another process by now', { url: 'http://127.0.0.1:1' }],
])('the name of a supervisor %s is free', async (_what, control) => {
  await leaveBehind('demo', control);
  await claimFolder(folderOf('demo'), { ...running('demo'), token: 'new' }, 0);
  expect((await readControlFile(folderOf('demo')))?.token).toBe('new');
  expect(await readdir(parent)).toEqual(['demo']);
});

test('a folder without a control file is in nobody\'s way', async () => {
  await mkdir(join(folderOf('demo'), 'nodes'), { recursive: true });
  await claimFolder(folderOf('demo'), running('demo'), 0);
  expect(await readdir(folderOf('demo'))).toEqual(['control.json']);
});

test('the guardian of a dead supervisor is waited for, so that it does not remove what comes after', async () => {
  await leaveBehind('demo', { pid: 2 ** 22 + 1 });
  const claimed = claimFolder(folderOf('demo'), { ...running('demo'), token: 'new' }, 5_000);
  await rm(folderOf('demo'), { recursive: true });
  await claimed;
  expect((await readControlFile(folderOf('demo')))?.token).toBe('new');
});

test('the only deployment that runs is found without its name', async () => {
  await claimFolder(folderOf('demo'), running('demo'));
  await leaveBehind('dead', { pid: 2 ** 22 + 1 });
  expect(await findDeployment(undefined, env())).toEqual({ ...running('demo'), folder: folderOf('demo') });
  expect(await readdir(parent)).toEqual(['demo']);
});

test('of several one must be named', async () => {
  for (const name of ['demo', 'small']) await claimFolder(folderOf(name), running(name));
  await expect(findDeployment(undefined, env())).rejects.toMatchObject({ kind: 'wrong input', message: 'several deployments run here: demo, small' });
  expect((await findDeployment('small', env())).name).toBe('small');
});

test('where none runs, "isesim up" is named', async () => {
  await expect(findDeployment(undefined, env())).rejects.toMatchObject({ kind: 'could not run', remedy: expect.stringContaining('isesim up') as unknown });
  await expect(findDeployment('../demo', env())).rejects.toMatchObject({ kind: 'could not run' });
});

test('what is no deployment in the state folder is left alone', async () => {
  await mkdir(join(parent, '.hidden'), { recursive: true });
  await mkdir(join(parent, 'empty'));
  await writeFile(join(parent, 'file'), '');
  await mkdir(join(parent, 'odd'));
  await writeFile(join(parent, 'odd', 'control.json'), '{"name":1}');
  expect(await runningDeployments(env())).toEqual([]);
  expect((await readdir(parent)).sort()).toEqual(['.hidden', 'empty', 'file', 'odd']);
});
