import type { IseNode } from '@isesim/node';
import { assertPrimary } from './admin-interface.ts';

/** Administration > System > Settings > Proxy: saved as a revision that replicates. */
export function answerProxyPage(node: IseNode): void {
  node.answer('proxy-set', async ({ proxy }) => {
    assertPrimary(node);
    await node.settings.write({ proxy: { proxy } });
    return { revision: node.settings.held().revision };
  });
}
