import type { Mailbox, Tenant } from '@isesim/domain';
import { smtpAuthenticationDisabledFor } from '../tenant/permissions.ts';
import type { Situation } from './replies.ts';

/** Why nobody gets in for this mailbox, whatever the credentials: the SMTP AUTH switches, then policies. */
export function refusalOf(tenant: Tenant, mailbox: Mailbox): Situation | undefined {
  const disabledFor = smtpAuthenticationDisabledFor(tenant, mailbox);
  if (disabledFor) return disabledFor === 'Tenant' ? 'SMTP AUTH off for the tenant' : 'SMTP AUTH off for the mailbox';
  if (mailbox.condition === 'conditional-access') return 'conditional access';
  return mailbox.condition === 'security-defaults' ? 'security defaults' : undefined;
}
