import type { IseNode } from '@isesim/node';
import { servePortals } from './portals.ts';
import { answerResendCredentials } from './resend-credentials.ts';
import { answerResetGuestPassword } from './reset-guest-password.ts';

/** The Policy Service persona: serves the guest and sponsor portals and sends all that they send. */
export function assumePolicyService(node: IseNode): Promise<void> {
  servePortals(node);
  answerResendCredentials(node);
  answerResetGuestPassword(node);
  return Promise.resolve();
}
