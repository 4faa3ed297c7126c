import { Problem, type Page } from '@isesim/domain';
import type { IseNode } from '@isesim/node';

/**
 * "Promote to Primary", done on the secondary PAN, whether the primary is there or not (Cisco OpenAPI, deployment/promote). The
 * server takes nothing more from the former one, and both nodes' roles change. ISE restarts services for it; here it takes no time.
 */
export function answerPromote(node: IseNode): void {
  node.answer('promote', async () => {
    const { name } = node.self;
    if (node.holds('primary PAN')) throw new Problem('refused', 'is-primary', `${name} is the primary PAN already`, 'Promote the secondary PAN: "isesim status" shows it.');
    await node.settings.promote();
    await node.settings.write({ deployment: withPrimary(node.page('deployment'), name) });
    return { epoch: node.settings.held().epoch };
  });
}

function withPrimary(page: Page<'deployment'>, primary: string): Page<'deployment'> {
  const nodes = page.nodes.map((node) => (node.personas.includes('pan') ? { ...node, roles: { ...node.roles, pan: node.name === primary ? ('primary' as const) : ('secondary' as const) } } : node));
  return { ...page, nodes };
}
