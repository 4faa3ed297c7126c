import { onNode } from './on-node.ts';

export const kill = onNode({
  verb: 'node kill',
  does: 'end a node at once, as a power cut does',
  act: (deployment, node) => deployment.kill(node),
});
