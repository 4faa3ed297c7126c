import { Problem } from '@isesim/domain';
import type { IseNode } from '@isesim/node';

/**
 * "Promote to Primary", done on the secondary PAN, whether the primary is there or not (Cisco OpenAPI, deployment/promote). The
 * server takes no configuration any more from the former one. ISE restarts services for it; here it takes no time.
 */
export function answerPromote(node: IseNode): void {
  node.answer('promote', async () => {
    const { name } = node.self;
    if (node.holds('primary PAN')) throw new Problem('refused', 'is-primary', `${name} is the primary PAN already`, 'Promote the secondary PAN: "isesim status" shows it.');
    await node.settings.promote();
    return { epoch: node.settings.held().epoch };
  });
}
