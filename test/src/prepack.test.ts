import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root, workspacePackages } from './fixtures/workspace-packages.ts';

let clone: string;
beforeEach(() => { clone = mkdtempSync(join(tmpdir(), 'unbuilt-')); });
afterEach(() => { rmSync(clone, { recursive: true }); });

it.each(workspacePackages().map(({ folder }) => folder))('no package is made of %s before it is built', (folder) => {
  for (const file of ['LICENSE', 'prepack.mjs', join(folder, 'package.json'), join(folder, 'src')]) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(root, file), join(clone, file), { recursive: true });
  }
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'prepack'], { cwd: join(clone, folder), encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/error: @isesim\/[\w-]+ is not built: .*\.js.* missing\n  Build first, in the root of the repository: npm run build\n/);
  expect(existsSync(join(clone, folder, 'LICENSE'))).toBe(false);
}, 30_000);
