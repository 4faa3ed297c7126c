import { Option, type Command } from 'commander';
import { printsData, verb, type DataOptions } from '../command.ts';
import type { GraphFormat } from '../draw-graph.ts';
import { showData } from '../output/show-data.ts';

export function graphCommand(): Command {
  const command = verb('graph <topology>', 'draw the nodes of a topology and the mail that each sends', [
    'isesim graph topology/demo.yaml',
    'isesim graph topology/medium.yaml --format dot | dot -Tsvg > medium.svg',
  ]);
  command.addOption(new Option('--format <format>', 'the language of the drawing').choices(['mermaid', 'dot']).default('mermaid'));
  return printsData(command).action(async (path: string, { format, ...options }: DataOptions & { format: GraphFormat }) => {
    const { readTopologyFile } = await import('../read-topology-file.ts');
    const { drawGraph } = await import('../draw-graph.ts');
    const graph = drawGraph(await readTopologyFile(path), format);
    showData('graph', { file: path, format, graph }, options, () => graph);
  });
}
