import type { Command } from 'commander';
import { printsData, verb, type DataOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';

export function validateCommand(): Command {
  const command = verb('validate <topology>', 'check a topology file and tell every mistake in it', ['isesim validate topology/demo.yaml', 'isesim validate topology/demo.yaml --json']);
  return printsData(command).action(async (path: string, options: DataOptions) => {
    const { readTopologyFile } = await import('../read-topology-file.ts');
    const { name, nodes } = await readTopologyFile(path);
    showData('validate', { file: path, deployment: name, nodes: nodes.length }, options, () => `${path}: deployment ${name}, ${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}, no mistakes`);
  });
}
