import type { Instant, Mailbox, ServicePrincipal } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { findMailbox } from '../../../tenant/find.ts';
import { exchangeError } from '../../errors.ts';
import { derivedGuid } from '../../ids.ts';
import { PowerShellDate, type Value } from '../../values/value.ts';
import type { Context } from '../cmdlet.ts';

/** The forest that plays Exchange Online's directory; named as they are. */
const forest = 'EURPR05A005.PROD.OUTLOOK.COM';
export const domainController = `VI1PR05A05DC001.${forest}`;

/** What Exchange Online's directory keeps of every object, in the order in which it is shown. */
export function directoryProperties(context: Context, name: string, identity: string, created: Instant | undefined): Readonly<Record<string, Value>> {
  const { domain } = context.tenant.current;
  const when = new PowerShellDate(created ?? context.tenant.kept.begun);
  const guid = derivedGuid(context.random, `directory ${identity}`);
  const controllers = forest.split('.').map((part) => `DC=${part}`).join(',');
  return {
    Identity: identity,
    Id: identity,
    IsValid: true,
    ExchangeVersion: '1.1 (15.0.0.0)',
    Name: name,
    DistinguishedName: `CN=${name},OU=${domain},OU=Microsoft Exchange Hosted Organizations,${controllers}`,
    ObjectCategory: `${forest}/Configuration/Schema/Person`,
    ObjectClass: ['top', 'person', 'organizationalPerson', 'user'],
    WhenChanged: when,
    WhenCreated: when,
    WhenChangedUTC: when,
    WhenCreatedUTC: when,
    ExchangeObjectId: guid,
    OrganizationalUnitRoot: domain,
    OrganizationId: `${forest}/Microsoft Exchange Hosted Organizations/${domain} - ${forest}/ConfigurationUnits/${domain}/Configuration`,
    Guid: guid,
    OriginatingServer: domainController,
    ObjectState: 'Changed',
  };
}

export function mailboxGuid({ random }: Context, { address }: Mailbox): string {
  return derivedGuid(random, `mailbox ${address.toLowerCase()}`);
}

/** By address, alias or GUID, as Exchange Online takes it. Throws when there is no such mailbox, or its user has no licence. */
export function mailboxOf(context: Context, identity: string): Mailbox {
  const tenant = context.tenant.current;
  const isMeant = (mailbox: Mailbox) => [mailbox.address, aliasOf(mailbox.address), mailboxGuid(context, mailbox)].some((each) => sameText(each, identity));
  const mailbox = tenant.mailboxes.find(isMeant);
  if (mailbox && findMailbox(tenant, mailbox.address)) return mailbox;
  throw notFound(identity, mailbox ? `The user of ${mailbox.address} has no licence: Set-MgUserLicense.` : mailboxRemedy(context));
}

function mailboxRemedy({ tenant }: Context): string {
  const addresses = tenant.current.mailboxes.map(({ address }) => address);
  if (addresses.length === 0) return 'There is no mailbox: New-MgUser makes a user, Set-MgUserLicense gives it one.';
  return `There is ${addresses.join(', ')}.`;
}

export function aliasOf(address: string): string {
  return address.split('@')[0] ?? address;
}

/** By object id, app id or display name. */
export function servicePrincipalOf({ tenant }: Context, identity: string): ServicePrincipal | undefined {
  return tenant.current.servicePrincipals.find(({ objectId, appId, displayName }) => [objectId, appId, displayName].some((each) => each !== undefined && sameText(each, identity)));
}

export function notFound(identity: string, remedy: string) {
  return exchangeError('not-found', `The operation couldn't be performed because object '${identity}' couldn't be found on '${domainController}'.`, remedy);
}
