import { join } from 'node:path';
import { noSuchNode } from '@isesim/deployment';
import { guestLogName } from '@isesim/node';
import * as z from 'zod';
import { operation } from './operation.ts';

/** Where a node writes its guest.log, also when it is not running; there from its first line on. */
export const logFile = operation({
  takes: z.object({ node: z.string() }),
  run: ({ deployment, folder }, { node }) => {
    const names = deployment.nodes.map(({ name }) => name);
    if (names.includes(node)) return { path: join(folder, 'nodes', node, guestLogName) };
    throw noSuchNode(node, names);
  },
});
