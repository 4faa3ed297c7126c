import type { Mailbox } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { exchangeError } from '../../errors.ts';
import { sidOf } from '../../ids.ts';
import type { Context } from '../cmdlet.ts';
import { aliasOf, servicePrincipalOf } from './directory.ts';

/** Who gets a right: what the tenant keeps of it, and how it is shown. */
export interface Trustee {
  /** A service principal's object id, or a mailbox's address. */
  readonly reference: string;
  /** The SID of a service principal, the address of a mailbox. */
  readonly shown: string;
}

export function trusteeOf(context: Context, identity: string): Trustee {
  const found = findTrustee(context, identity);
  if (found) return found;
  throw exchangeError('user-not-found', `User or group "${identity}" wasn't found. Please make sure you've typed it correctly.`, 'Give the object ID of a service principal that Exchange Online was told of (New-ServicePrincipal; Get-ServicePrincipal shows them), or a mailbox.');
}

/** As it is shown who has a right; what is not there any more goes by what was kept of it. */
export function shownTrustee(context: Context, reference: string): string {
  return findTrustee(context, reference)?.shown ?? reference;
}

function findTrustee(context: Context, identity: string): Trustee | undefined {
  const servicePrincipal = servicePrincipalOf(context, identity) ?? ofApplication(context, identity);
  if (servicePrincipal) return { reference: servicePrincipal.objectId, shown: sidOf(context, servicePrincipal.objectId) };
  const mailbox = context.tenant.current.mailboxes.find(({ address }: Mailbox) => [address, aliasOf(address)].some((each) => sameText(each, identity)));
  const address = mailbox?.address;
  return address === undefined ? undefined : { reference: address, shown: address };
}

/** A topology names service principals by their applications. */
function ofApplication({ tenant }: Context, name: string) {
  const { applications, servicePrincipals } = tenant.current;
  const clientId = applications.find((each) => sameText(each.name, name))?.clientId;
  return clientId === undefined ? undefined : servicePrincipals.find(({ appId }) => sameText(appId, clientId));
}

export function isSameTrustee(context: Context, reference: string, trustee: Trustee): boolean {
  return sameText(findTrustee(context, reference)?.reference ?? reference, trustee.reference);
}
