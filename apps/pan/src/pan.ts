import type { IseNode } from '@isesim/node';
import { answerBackup } from './backup.ts';
import { writeGuestAccounts } from './guest-accounts.ts';
import { watchGuestExpiry } from './guest-expiry.ts';
import { answerInstall } from './install.ts';
import { primaryPan } from './primary-pan.ts';
import { sendPortalTestMail } from './portal-test.ts';
import { answerPromote } from './promote.ts';
import { answerProxyPage } from './proxy-page.ts';
import { answerSetPage } from './set-page.ts';
import { answerSmtpServerPage } from './smtp-server-page.ts';
import { answerTrustedCertificatesPage } from './trusted-certificates-page.ts';

/** The Administration persona: configuration, accounts, and the mail that the primary PAN sends. */
export async function assumeAdministration(node: IseNode): Promise<void> {
  const expiry = watchGuestExpiry(node);
  const duty = primaryPan(node, expiry);
  answerInstall(node);
  writeGuestAccounts(node, (guest) => { expiry.watch(guest); });
  sendPortalTestMail(node);
  const smtpServer = answerSmtpServerPage(node);
  answerSetPage(node);
  answerBackup(node, async () => {
    smtpServer.forget();
    await duty.renew();
  });
  answerPromote(node);
  answerProxyPage(node);
  answerTrustedCertificatesPage(node);
  await node.whileHolding('primary PAN', duty.take);
}
