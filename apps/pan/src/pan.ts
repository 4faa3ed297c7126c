import type { IseNode } from '@isesim/node';
import { writeGuestAccounts } from './guest-accounts.ts';
import { watchGuestExpiry } from './guest-expiry.ts';
import { answerInstall } from './install.ts';
import { remindOfPasswordExpiry } from './password-expiry.ts';
import { sendPortalTestMail } from './portal-test.ts';
import { answerSmtpServerPage } from './smtp-server-page.ts';

/** The Administration persona: configuration, accounts, and the mail that the primary PAN sends. */
export async function assumeAdministration(node: IseNode): Promise<void> {
  const expiry = watchGuestExpiry(node);
  answerInstall(node);
  writeGuestAccounts(node, (guest) => { expiry.watch(guest); });
  sendPortalTestMail(node);
  answerSmtpServerPage(node);
  await node.whileHolding('primary PAN', async () => {
    const stopWatching = await expiry.begin();
    const stopReminding = await remindOfPasswordExpiry(node);
    return () => {
      stopWatching();
      stopReminding();
    };
  });
}
