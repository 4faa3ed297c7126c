// Bundles what runs as a process: one file to load instead of hundreds. Libraries that a process needs late, or never, stay
// in chunks of their own. Run in a project's folder; reads the entries from its package.json (`bundle`).
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { bundle: entryPoints } = JSON.parse(readFileSync('package.json', 'utf8'));
// Whoever starts a process meanwhile finds the old bundle or the new one, never half of one.
const partial = `bundle.partial-${process.pid}`;
const old = `bundle.old-${process.pid}`;
await build({
  entryPoints,
  outdir: partial,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  conditions: ['@isesim/source'],
  // Packages in CommonJS call require for Node's own modules.
  banner: { js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);" },
  sourcemap: 'linked',
  logLevel: 'warning',
});
if (existsSync('bundle')) renameSync('bundle', old);
renameSync(partial, 'bundle');
rmSync(old, { recursive: true, force: true });
