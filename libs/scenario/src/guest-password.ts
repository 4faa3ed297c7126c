import { Problem } from '@isesim/domain';
import { readableText } from './mail-wanted.ts';
import type { Stage } from './stage.ts';

/** The password that the last mail with credentials to `email` names, once all mail that is on its way has arrived. */
export async function guestPassword({ deployment }: Stage, email: string): Promise<string> {
  await deployment.quiet();
  for (const mail of deployment.mails.all({ to: email }).reverse()) {
    const [, password] = /^Password:[ \t]*(\S+)[ \t]*$/m.exec(await readableText(deployment, mail)) ?? [];
    if (password !== undefined) return password;
  }
  throw new Problem('refused', 'no-password', `no mail to ${email} names a password`, 'Expect the mail with the credentials first.');
}
