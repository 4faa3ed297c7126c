import { onNode } from './on-node.ts';

export const restart = onNode({
  verb: 'node restart',
  does: 'stop a node in order and start it again',
  act: (deployment, node) => deployment.restart(node),
});
