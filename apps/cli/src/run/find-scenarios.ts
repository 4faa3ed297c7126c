import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileKind } from '../file-kind.ts';
import { CommandProblem } from '../problem.ts';

/** The scenario files that `paths` name: files as they are, folders with all `.yaml` and `.yml` below them that are no topologies, by name; each once. */
export function findScenarios(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => (isFolder(path) ? filesBelow(path) : [scenarioAt(path)]));
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
    // Topologies may lie beside the scenarios that use them.
    .filter((path) => fileKind(path) !== 'topology')
    .sort();
}

function scenarioAt(path: string): string {
  if (fileKind(path) !== 'topology') return path;
  throw new CommandProblem({ kind: 'wrong input', code: 'scenario', message: `${path} is a topology (it has nodes), and no scenario`, remedy: `Boot it with "isesim up ${path}".` });
}
