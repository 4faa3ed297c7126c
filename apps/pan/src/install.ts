import { guestSchema, internalUserSchema, Problem, unseal } from '@isesim/domain';
import type { IseNode } from '@isesim/node';

/** The first configuration of a deployment, as typed in during its installation: this node becomes primary and writes it. */
export function answerInstall(node: IseNode): void {
  node.answer('install', async ({ pages, accounts }, asker) => {
    if (asker !== 'operator') throw new Problem('refused', 'not-allowed', `${asker} may not install a deployment`, 'The deployment itself does this at its first start.');
    if (node.settings.held().epoch > 0) throw new Problem('refused', 'installed', 'this deployment is installed already', 'Change its settings with the settings verbs.');
    await node.settings.promote();
    // Accounts first: with the pages the node takes up its duties and looks at them.
    for (const account of accounts) await writeAccount(node, account);
    await node.settings.write(unseal(pages, node.sealingKey) as Parameters<typeof node.settings.write>[0]);
    return { revision: node.settings.held().revision };
  });
}

async function writeAccount(node: IseNode, account: unknown): Promise<void> {
  const guest = guestSchema.safeParse(account);
  if (guest.success) await node.writeGuest(guest.data);
  else await node.writeInternalUser(internalUserSchema.parse(account));
}
