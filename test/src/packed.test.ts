import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackages, linkFromRoot } from './fixtures/install-packages.ts';
import { root, workspacePackages } from './fixtures/workspace-packages.ts';

const node = process.execPath;
const fixtures = join(import.meta.dirname, 'fixtures/outside');
const compilerOptions = { module: 'nodenext', target: 'es2023', lib: ['es2023', 'esnext.disposable'], types: ['node'], strict: true, noEmit: true, skipLibCheck: true };

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'packed-'));
  installPackages(project);
  for (const name of ['vitest', 'typescript', '@types/node']) linkFromRoot(project, name);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['guest-expiry.test.ts'] }));
  copyFileSync(join(fixtures, 'guest-expiry.fixture.ts'), join(project, 'guest-expiry.test.ts'));
  copyFileSync(join(fixtures, 'alarm.yaml'), join(project, 'alarm.yaml'));
}, 180_000);
afterAll(() => { rmSync(project, { recursive: true, force: true }); });

describe('a project that has installed the packages', () => {
  it('boots deployments in its tests and uses the matchers', () => {
    expect(run(node, 'node_modules/vitest/vitest.mjs', 'run', 'guest-expiry')).toMatch(/Tests +2 passed/);
  }, 180_000);

  it('boots many at once: eight files of tests, each with three deployments', () => {
    for (let index = 1; index <= 8; index += 1) copyFileSync(join(fixtures, 'at-once.fixture.ts'), join(project, `at-once-${index}.test.ts`));
    expect(run(node, 'node_modules/vitest/vitest.mjs', 'run', 'at-once', '--maxWorkers=8')).toMatch(/Tests +8 passed/);
  }, 180_000);

  it('gets the types of all that', () => {
    expect(run(node, 'node_modules/typescript/bin/tsc', '--project', '.')).toBe('');
  }, 180_000);

  it('has the command', () => {
    const { version } = JSON.parse(installed('cli/package.json')) as { version: string };
    expect(run('npx', '--offline', 'isesim', '--version').trim()).toBe(version);
  }, 60_000);

  it('plays scenarios', () => {
    expect(JSON.parse(run(node, 'node_modules/.bin/isesim', 'run', 'alarm.yaml', '--json'))).toMatchObject({
      schema: 'isesim/run.v1',
      results: [{ name: 'An alarm leaves the active MnT', outcome: 'passed', audit: { judged: 1, findings: [] } }],
    });
  }, 60_000);

  it.each(['standalone', 'small', 'medium', 'large', 'maximum', 'demo'])('has %s.yaml as an example', (name) => {
    expect(run(node, 'node_modules/.bin/isesim', 'validate', `node_modules/@isesim/topology/examples/${name}.yaml`)).toContain(name);
  }, 60_000);

  it.each(workspacePackages().map(({ file }) => file.name))('has the licence of %s', (name) => {
    expect(readFileSync(join(project, 'node_modules', name, 'LICENSE'), 'utf8')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  it.each(['cli', 'launch', 'microsoft365', 'mnt', 'pan', 'psn'])('has the licences of what the bundle of %s holds', (name) => {
    expect(installed(`${name}/bundle/THIRD-PARTY-LICENSES.txt`)).toMatch(/^zod \d.* \(MIT\)\n\nMIT License/m);
  });

  it.each(['topology/examples/topology.schema.json', 'scenario/scenario.schema.json'])('has the schema that its editor needs: %s', (schema) => {
    expect(JSON.parse(installed(schema))).toHaveProperty('$schema');
  });
});

function installed(path: string): string {
  return readFileSync(join(project, 'node_modules/@isesim', path), 'utf8');
}

/** Returns what a program of the project prints. With an environment of its own: this run's would make it believe that it is a part of it. */
function run(program: string, ...args: string[]): string {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const { stdout, stderr, status } = spawnSync(program, args, { cwd: project, encoding: 'utf8', env: { PATH, HOME, XDG_CACHE_HOME, NO_COLOR: '1' } });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${status ?? 'a signal'}:\n${stdout}${stderr}`);
  return stdout;
}
