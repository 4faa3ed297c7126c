import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, workspacePackages, type PackageFile, type WorkspacePackage } from './fixtures/workspace-packages.ts';

const packages = workspacePackages();

describe.each(packages)('$folder', ({ folder, file }) => {
  it('says in its README why each outside package is there', () => {
    const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
    const unexplained = outsidePackages(file).filter((name) => !readme.includes(`\`${name}\``));

    expect(unexplained).toEqual([]);
  });

  it('is under the licence of the whole', () => {
    expect(file.license).toBe('Apache-2.0');
  });

  it('has no module that nothing loads', () => {
    const loaded = new Set<string>();
    for (const entry of entriesOf({ folder, file })) load(entry, loaded);
    const idle = modulesOf(folder).filter((path) => !loaded.has(join(root, folder, path)));

    expect(idle).toEqual([]);
  });
});

it('the workspace says why each of its own outside packages is there', () => {
  const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const own = ['package.json', 'test/package.json'].flatMap((path) => outsidePackages(JSON.parse(readFileSync(join(root, path), 'utf8')) as PackageFile));

  expect(own.filter((name) => !contributing.includes(`\`${name}\``))).toEqual([]);
});

function outsidePackages({ dependencies, devDependencies, peerDependencies }: PackageFile): string[] {
  return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }).filter((name) => !name.startsWith('@isesim/'));
}

/** Where a package is entered: its exports, what runs as a process, its scripts, and its tests. */
function entriesOf({ folder, file: { exports = {}, bundle = [], scripts = {} } }: WorkspacePackage): string[] {
  const exported = Object.values(exports).flatMap((each) => (typeof each === 'string' ? [] : [each['@isesim/source']]));
  const scripted = Object.values(scripts).flatMap((script) => script.match(/src\/\S+\.ts/g) ?? []);
  const tested = modulesOf(folder).filter((path) => /\.test\.ts$/.test(path));
  return [...exported, ...bundle, ...scripted, ...tested].map((path) => join(root, folder, path));
}

function modulesOf(folder: string): string[] {
  return readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => join('src', path));
}

function load(path: string, loaded: Set<string>): void {
  if (loaded.has(path) || !existsSync(path)) return;
  loaded.add(path);
  for (const [, imported = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import|URL\()\s*\(?\s*'(\.[^']+)'/g)) load(join(dirname(path), imported), loaded);
}
