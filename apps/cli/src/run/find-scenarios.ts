import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandProblem } from '../problem.ts';

/** The scenario files that `paths` name: files as they are, folders with all `.yaml` and `.yml` below them that are no topologies, by name; each once. */
export function findScenarios(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => (isFolder(path) ? filesBelow(path) : [path]));
  if (files.length > 0) return [...new Set(files)];
  throw new CommandProblem({ kind: 'wrong input', code: 'no-scenario', message: `no scenario was found in ${paths.join(', ')}`, remedy: 'Name a .yaml file, or a folder with some.' });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isTopology(path))
    .sort();
}

/** Topologies may lie beside the scenarios that use them. */
function isTopology(path: string): boolean {
  const text = readFileSync(path, 'utf8');
  return /^nodes:/m.test(text) && !/^steps:/m.test(text);
}
