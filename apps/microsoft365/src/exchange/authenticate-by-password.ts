import { Secret } from '@isesim/domain';
import { findMailbox, findPassword } from '../tenant/find.ts';
import type { TenantState } from '../tenant/tenant-state.ts';
import type { Submitter } from './authenticate.ts';
import { refusalOf } from './mailbox-refusal.ts';
import type { Situation } from './replies.ts';

export interface PasswordCredentials {
  readonly user: string;
  readonly password: string;
}

/** Judges user name and password in the order of a token: credentials (Entra ID's), mailbox, SMTP AUTH switches, policies. */
export function authenticateByPassword({ user, password }: PasswordCredentials, { current, propagated }: TenantState): Submitter | Situation {
  if (!findPassword(current, user)?.equals(new Secret(password))) return 'credentials incorrect';
  const mailbox = findMailbox(propagated, user);
  if (!mailbox) return 'unauthenticated';
  return refusalOf(propagated, mailbox) ?? { clientId: null, mailbox: mailbox.address, servicePrincipal: null };
}
