import { onNode } from './on-node.ts';

export const start = onNode({
  verb: 'node start',
  does: 'start a node that is not running; it sends what it still owes',
  act: (deployment, node) => deployment.start(node),
});
