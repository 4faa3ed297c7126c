import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { fileKind, statsOf } from '../file-kind.ts';
import { CommandProblem } from '../problem.ts';

/** The scenario files that `paths` name: files as they are, folders with all `.yaml` and `.yml` below them that are no topologies, by name; each once. */
export function findScenarios(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => (statsOf(path)?.isDirectory() ? filesBelow(path) : [scenarioAt(path)]));
  if (files.length > 0) return [...new Set(files)];
  throw new CommandProblem({ kind: 'wrong input', code: 'no-scenario', message: `no scenario was found in ${paths.join(', ')}`, remedy: 'Name a .yaml file, or a folder with some.' });
}

function filesBelow(folder: string): string[] {
  return yamlFilesBelow(folder)
    // Topologies may lie beside the scenarios that use them.
    .filter((path) => fileKind(path) !== 'topology')
    .sort();
}

function yamlFilesBelow(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return yamlFilesBelow(path);
    return entry.isFile() && /\.ya?ml$/.test(entry.name) ? [path] : [];
  });
}

/** None in a folder that may not be read, or is gone since it was seen. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function scenarioAt(path: string): string {
  if (fileKind(path) !== 'topology') return path;
  throw new CommandProblem({ kind: 'wrong input', code: 'scenario', message: `${path} is a topology (it has nodes), and no scenario`, remedy: `Boot it with "isesim up ${path}".` });
}
