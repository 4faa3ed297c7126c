import { needsStart, type NodeState } from '@isesim/deployment';
import { faultsText } from '../faults-text.ts';
import { map, node, words } from '../fields.ts';
import { nodeView } from '../node-view.ts';
import { action } from '../step.ts';

export const heal = action({
  verb: 'heal',
  does: 'end faults, isolation and pauses; a killed node stays dead',
  examples: ['isesim heal', 'isesim heal --node psn-2', 'isesim heal --to smtp.office365.com'],
  fields: map({
    node: node.optional().describe('Only what meets this node. Default: all'),
    to: words.optional().describe('Only faults on the way to this host, or `nats`. Default: all'),
  }),
  run: async ({ deployment }, healed) => {
    await deployment.heal(healed);
    return { faults: deployment.faults(), nodes: deployment.states().map(nodeView) };
  },
  says: ({ faults, nodes }) => {
    const isolated = faults.flatMap((each) => (each.fault === 'isolated' ? [each.node] : []));
    const others = nodes.filter(({ name, status, reason }) => status !== 'Connected' && !(reason === 'isolated' && isolated.includes(name))).map(nodeText);
    return (faults.length === 0 && others.length > 0 ? others : [faultsText(faults), ...others]).join('\n');
  },
});

function nodeText({ name, status, reason }: NodeState): string {
  if (reason === undefined) return `${name} is ${status}`;
  const stays = needsStart(reason) ? `; heal starts no node, "isesim node start ${name}" does` : '';
  return `${name} is ${status} (${reason})${stays}`;
}
