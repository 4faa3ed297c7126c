import { guestSchema, internalUserSchema, Problem, unseal } from '@isesim/domain';
import type { IseNode } from '@isesim/node';

/** The start of a deployment: first its accounts, then its configuration, as typed in during its installation, for which this node becomes primary. */
export function answerInstall(node: IseNode): void {
  // Accounts first: with the pages the node takes up its duties and looks at them.
  node.answer('install-accounts', async ({ accounts }, asker) => {
    assertFirst(node, asker);
    await Promise.all(accounts.map((account) => writeAccount(node, account)));
    return {};
  });
  node.answer('install', async ({ pages }, asker) => {
    assertFirst(node, asker);
    await node.settings.promote();
    await node.settings.write(unseal(pages, node.sealingKey) as Parameters<typeof node.settings.write>[0]);
    return { revision: node.settings.held().revision };
  });
}

function assertFirst(node: IseNode, asker: string): void {
  if (asker !== 'operator') throw new Problem('refused', 'not-allowed', `${asker} may not install a deployment`, 'The deployment itself does this at its first start.');
  if (node.settings.held().epoch > 0) throw new Problem('refused', 'installed', 'this deployment is installed already', 'Change its settings with the settings verbs.');
}

async function writeAccount(node: IseNode, account: unknown): Promise<void> {
  const guest = guestSchema.safeParse(account);
  if (guest.success) await node.writeGuest(guest.data);
  else await node.writeInternalUser(internalUserSchema.parse(account));
}
