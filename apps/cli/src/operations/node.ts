import { join } from 'node:path';
import type { NodeState } from '@isesim/deployment';
import { Problem } from '@isesim/domain';
import { guestLogName } from '@isesim/node';
import { z } from 'zod';
import { operation, tellingStalls, type DeploymentHandle } from './operation.ts';
import { nodeView } from './status.ts';

export const nodeKill = onNode((deployment, node) => deployment.kill(node));
export const nodeStart = onNode((deployment, node) => deployment.start(node));
export const nodePause = onNode((deployment, node) => deployment.pause(node));
export const nodeRestart = onNode((deployment, node) => deployment.restart(node));

/** Ends every pause and answers with all nodes. */
export const heal = operation({
  takes: z.object({}),
  run: async ({ deployment }) => {
    await deployment.heal();
    return { nodes: deployment.states().map(nodeView) };
  },
});

/** Where a node writes its guest.log, also when it is not running; there from its first line on. */
export const logFile = operation({
  takes: z.object({ node: z.string() }),
  run: ({ deployment, folder }, { node }) => {
    const names = deployment.nodes.map(({ name }) => name);
    if (names.includes(node)) return { path: join(folder, 'nodes', node, guestLogName) };
    throw new Problem('wrong input', 'node', `there is no node "${node}"`, `Use one of ${names.join(', ')}.`);
  },
});

/** Does something to one node and answers with its state after that. */
function onNode(act: (deployment: DeploymentHandle, node: string) => Promise<void>) {
  return operation({
    takes: z.object({ node: z.string() }),
    streams: true,
    run: async (supervised, { node }, call): Promise<{ node: NodeState | null }> => {
      const { deployment } = supervised;
      await tellingStalls(supervised, call, act(deployment, node));
      const state = deployment.states().find(({ name }) => name === node);
      return { node: state ? nodeView(state) : null };
    },
  });
}
