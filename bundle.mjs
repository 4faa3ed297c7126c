// Bundles what runs as a process: one file to load instead of hundreds. Libraries that a process needs late, or never, stay
// in chunks of their own. Run in a project's folder; reads the entries from its package.json (`bundle`).
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const { bundle: entryPoints } = JSON.parse(readFileSync('package.json', 'utf8'));
// Whoever starts a process meanwhile finds the old bundle or the new one, never half of one.
const partial = `bundle.partial-${process.pid}`;
const old = `bundle.old-${process.pid}`;
const { metafile } = await build({
  entryPoints,
  outdir: partial,
  ...bundleOptions,
  sourcemap: 'linked',
  metafile: true,
});
writeFileSync(join(partial, 'THIRD-PARTY-LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)));
if (existsSync('bundle')) renameSync('bundle', old);
renameSync(partial, 'bundle');
rmSync(old, { recursive: true, force: true });

// A copy of a package must be accompanied by its licence, and a bundle is one.
function licensesOf(inputs) {
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0]).filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort().map(licenseOf).join('\n\n');
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder).filter((file) => /^(licen[sc]e|notice)/i.test(file)).map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}
