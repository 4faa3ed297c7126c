import { onNode } from './on-node.ts';

export const pause = onNode({
  verb: 'node pause',
  does: 'stop a node where it is, as SIGSTOP does; "isesim heal" lets it go on',
  act: (deployment, node) => deployment.pause(node),
});
