import { backupContentSchema, type BackedUpAccount, type BackedUpGuest, type BackupContent, type Guest, type HeldConfiguration } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { assertPrimary } from './admin-interface.ts';
import { newPassword } from './guest-password.ts';

const pagesBackedUp = Object.keys(backupContentSchema.shape.pages.shape) as (keyof BackupContent['pages'])[];

/**
 * Backup and restore of configuration and accounts. The SMTP server settings are excluded, as their page says: after a restore the
 * page is empty. Passwords are left out, too: a guest who is there keeps the password, another one gets a new one.
 */
export function answerBackup(node: IseNode, onRestored: () => Promise<void>): void {
  node.answer('backup', async () => {
    assertPrimary(node);
    return { pages: backedUpPages(node.settings.held()), accounts: await backedUpAccounts(node) };
  });
  node.answer('restore', async (content) => {
    assertPrimary(node);
    // All at once: nothing is to be mailed by settings of which one half is the backup's.
    await node.settings.write({ ...content.pages, 'smtp-server': null, 'log-levels': content.pages['log-levels'] ?? null });
    const newPasswords = await restoreAccounts(node, content.accounts);
    await onRestored();
    return { revision: node.settings.held().revision, newPasswords };
  });
}

function backedUpPages({ pages }: HeldConfiguration): BackupContent['pages'] {
  return Object.fromEntries(pagesBackedUp.map((name) => [name, pages[name]]).filter(([, page]) => page !== undefined)) as BackupContent['pages'];
}

async function backedUpAccounts(node: IseNode): Promise<BackedUpAccount[]> {
  const accounts: BackedUpAccount[] = [];
  for await (const account of node.accounts()) accounts.push(account.kind === 'guest' ? { kind: 'guest', guest: withoutPassword(account.guest) } : account);
  return accounts;
}

function withoutPassword({ password: _, ...guest }: Guest): BackedUpGuest {
  return guest;
}

/** The user names of guests who have a new password. */
async function restoreAccounts(node: IseNode, accounts: readonly BackedUpAccount[]): Promise<string[]> {
  const known = await passwords(node);
  const newPasswords: string[] = [];
  for (const account of accounts) {
    if (account.kind === 'guest') {
      const { id, username } = account.guest;
      if (!known.has(id)) newPasswords.push(username);
      await node.putAccount({ kind: 'guest', guest: { ...account.guest, password: known.get(id) ?? newPassword(node, id) } });
    } else await node.putAccount(account);
  }
  return newPasswords;
}

async function passwords(node: IseNode): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  for await (const account of node.accounts()) if (account.kind === 'guest') known.set(account.guest.id, account.guest.password);
  return known;
}
