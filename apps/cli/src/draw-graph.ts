import { nodeTable, type Duty, type Purpose } from '@isesim/domain';
import type { Topology, TopologyNode } from '@isesim/topology';
import { personasText } from './output/status-text.ts';

export const graphFormats = ['mermaid', 'dot'] as const;
export type GraphFormat = (typeof graphFormats)[number];

/** The deployment as a drawing: its nodes with personas and duties, and the purposes of mail that each sends. */
export function drawGraph({ name, nodes }: Pick<Topology, 'name' | 'nodes'>, format: GraphFormat): string {
  const drawn = nodes.map(drawnNode);
  return format === 'mermaid' ? mermaid(name, drawn) : dot(name, drawn);
}

interface DrawnNode {
  readonly id: string;
  readonly lines: readonly string[];
  readonly sends: readonly Purpose[];
  /** What it would send after a promotion. */
  readonly mayTakeOver: readonly Purpose[];
}

function drawnNode(node: TopologyNode): DrawnNode {
  const duties = dutiesOf(node);
  const own = nodeTable.filter(({ persona }) => node.personas.includes(persona));
  const sends = own.filter(({ sender }) => sender === 'serving PSN' || duties.includes(sender)).map(({ purpose }) => purpose);
  return {
    id: node.name,
    lines: [node.name, personasText(node), ...(duties.length > 0 ? [duties.join(', ')] : [])],
    sends,
    mayTakeOver: own.map(({ purpose }) => purpose).filter((purpose) => !sends.includes(purpose)),
  };
}

/** At boot a duty is with the primary of its persona. */
function dutiesOf({ roles }: TopologyNode): Duty[] {
  return [...(roles.pan === 'primary' ? (['primary PAN'] as const) : []), ...(roles.mnt === 'primary' ? (['active MnT'] as const) : [])];
}

const exchange = 'Exchange Online';

function mermaid(name: string, nodes: readonly DrawnNode[]): string {
  // A dash is not taken in every identifier, and "end" is a word of the language: hence the prefix.
  const idOf = (id: string) => `n_${id.replaceAll('-', '_')}`;
  return [
    'flowchart LR',
    `  subgraph deployment["${name}"]`,
    ...nodes.map(({ id, lines }) => `    ${idOf(id)}["${lines.join('<br/>')}"]`),
    '  end',
    `  exchange(["${exchange}"])`,
    ...nodes.flatMap(({ id, sends, mayTakeOver }) => [
      ...(sends.length > 0 ? [`  ${idOf(id)} -->|"${sends.join('<br/>')}"| exchange`] : []),
      ...(mayTakeOver.length > 0 ? [`  ${idOf(id)} -.->|"after a promotion:<br/>${mayTakeOver.join('<br/>')}"| exchange`] : []),
    ]),
  ].join('\n');
}

function dot(name: string, nodes: readonly DrawnNode[]): string {
  return [
    `digraph "${name}" {`,
    '  rankdir=LR;',
    '  node [shape=box];',
    `  subgraph "cluster_${name}" {`,
    `    label="${name}";`,
    ...nodes.map(({ id, lines }) => `    "${id}" [label="${lines.join('\\n')}"];`),
    '  }',
    `  "${exchange}" [shape=oval];`,
    ...nodes.flatMap(({ id, sends, mayTakeOver }) => [
      ...(sends.length > 0 ? [`  "${id}" -> "${exchange}" [label="${sends.join('\\n')}"];`] : []),
      ...(mayTakeOver.length > 0 ? [`  "${id}" -> "${exchange}" [label="after a promotion:\\n${mayTakeOver.join('\\n')}", style=dashed];`] : []),
    ]),
    '}',
  ].join('\n');
}
