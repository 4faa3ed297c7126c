import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const script = join(import.meta.dirname, '../bin/build-when-stale.js');
const { buildWhenStale, isStale } = (await import(script)) as {
  buildWhenStale: (root: string, say: (line: string) => void) => Promise<void>;
  isStale: (root: string) => boolean;
};

let root: string;
let said: string[];
const lock = () => join(root, 'apps/cli/dist/build.lock');
const say = (line: string) => said.push(line);

beforeEach(() => {
  said = [];
  root = mkdtempSync(join(tmpdir(), 'isesim-build-'));
  write('apps/cli/package.json', '{ "bundle": ["src/main.ts"] }');
  write('apps/cli/src/main.ts', '');
  write('libs/domain/package.json', '{}');
  write('libs/domain/src/index.ts', '');
  // Builds as the real one does, and leaves a line each time.
  write('bundle.mjs', "import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('bundle', { recursive: true }); await new Promise((done) => setTimeout(done, 100)); writeFileSync('bundle/main.js', ''); appendFileSync('../../builds', 'built\\n');");
  for (const file of ['apps/cli/src/main.ts', 'libs/domain/src/index.ts', 'bundle.mjs']) dated(file, -60_000);
});
afterEach(() => { rmSync(root, { recursive: true }); });

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function dated(file: string, ms: number): void {
  const time = new Date(Date.now() + ms);
  utimesSync(join(root, file), time, time);
}

const builds = () => (existsSync(join(root, 'builds')) ? readFileSync(join(root, 'builds'), 'utf8').split('\n').length - 1 : 0);

test('what was never built is stale; what was built is not', async () => {
  expect(isStale(root)).toBe(true);
  await buildWhenStale(root, say);
  expect(isStale(root)).toBe(false);
  await buildWhenStale(root, say);
  expect(builds()).toBe(1);
  expect(said).toHaveLength(1);
});

test('an entry in a folder of its own is found where it is built', async () => {
  write('apps/cli/package.json', '{ "bundle": ["src/main.ts", "src/run/worker-main.ts"] }');
  write('bundle.mjs', "import { mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('bundle/run', { recursive: true }); for (const name of ['main', 'run/worker-main']) writeFileSync(`bundle/${name}.js`, '');");
  dated('bundle.mjs', -60_000);
  await buildWhenStale(root, say);
  expect(isStale(root)).toBe(false);
});

test('a newer source of any project makes it stale, a newer test does not', async () => {
  await buildWhenStale(root, say);
  write('libs/domain/src/index.test.ts', '');
  dated('libs/domain/src/index.test.ts', 60_000);
  expect(isStale(root)).toBe(false);
  dated('libs/domain/src/index.ts', 60_000);
  expect(isStale(root)).toBe(true);
});

test('how it is bundled is a source, too', async () => {
  await buildWhenStale(root, say);
  write('bundle-options.mjs', '');
  dated('bundle-options.mjs', 60_000);
  expect(isStale(root)).toBe(true);
});

test('a source that is saved during a build is not taken for built', async () => {
  write('bundle.mjs', "import { mkdirSync, writeFileSync } from 'node:fs'; writeFileSync('../../libs/domain/src/index.ts', 'changed'); mkdirSync('bundle', { recursive: true }); writeFileSync('bundle/main.js', '');");
  dated('bundle.mjs', -60_000);
  await buildWhenStale(root, say);
  expect(statSync(join(root, 'apps/cli/bundle/main.js')).mtimeMs).toBeLessThanOrEqual(statSync(join(root, 'libs/domain/src/index.ts')).mtimeMs);
  expect(isStale(root)).toBe(true);
});

test('of several commands at once one builds and the others wait for it', async () => {
  const command = () =>
    new Promise<number | null>((resolve) => {
      const source = `import { buildWhenStale } from ${JSON.stringify(script)}; await buildWhenStale(${JSON.stringify(root)}, () => undefined);`;
      spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'inherit' }).once('exit', resolve);
    });
  expect(await Promise.all([command(), command(), command()])).toEqual([0, 0, 0]);
  expect(builds()).toBe(1);
  expect(existsSync(lock())).toBe(false);
});

test('the lock of a builder that died holds nobody up, and what it left is built again', async () => {
  await buildWhenStale(root, say);
  write('apps/cli/dist/build.lock', String(2 ** 22 + 1));
  await buildWhenStale(root, say);
  expect(builds()).toBe(2);
  expect(existsSync(lock())).toBe(false);
});

test('so does a lock whose process id is another process by now', async () => {
  write('apps/cli/dist/build.lock', String(process.pid));
  dated('apps/cli/dist/build.lock', -3_600_000);
  await buildWhenStale(root, say);
  expect(builds()).toBe(1);
});

test('a build that fails says so and gives the lock back', async () => {
  write('bundle.mjs', 'process.exit(1)');
  await expect(buildWhenStale(root, say)).rejects.toThrow('building cli failed');
  expect(existsSync(lock())).toBe(false);
});

test('where there are no sources nothing is built', async () => {
  rmSync(join(root, 'apps/cli/src'), { recursive: true });
  await buildWhenStale(root, say);
  expect(said).toEqual([]);
});
