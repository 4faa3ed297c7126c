import type { Application, Mailbox, Secret, ServicePrincipal, Tenant, User } from '@isesim/domain';
import { sameText } from '../same-text.ts';

/** A tenant goes by its id or its verified domain. */
export function isNameOf(tenant: Tenant, name: string): boolean {
  return sameText(name, tenant.tenantId) || sameText(name, tenant.domain);
}

export function findApplication(tenant: Tenant, clientId: string): Application | undefined {
  return tenant.applications.find((application) => sameText(application.clientId, clientId));
}

/** A mailbox that can be opened: its user has a licence. */
export function findMailbox(tenant: Tenant, address: string): Mailbox | undefined {
  const user = findUser(tenant, address);
  if (user?.licenses.length === 0) return undefined;
  return tenant.mailboxes.find((mailbox) => sameText(mailbox.address, address));
}

/** The password of whoever owns the mailbox of this address. */
export function findPassword(tenant: Tenant, address: string): Secret | undefined {
  return findUser(tenant, address)?.password ?? tenant.mailboxes.find((mailbox) => sameText(mailbox.address, address))?.password;
}

/** By user principal name or id. */
export function findUser(tenant: Tenant, identity: string): User | undefined {
  return tenant.users?.find((user) => sameText(user.userPrincipalName, identity) || sameText(user.id, identity));
}

/** Both ids must fit one entry of Exchange's own list, so the application's object id never does. */
export function findServicePrincipal(tenant: Tenant, { appId, objectId }: Pick<ServicePrincipal, 'appId' | 'objectId'>): ServicePrincipal | undefined {
  return tenant.servicePrincipals.find((each) => sameText(each.appId, appId) && sameText(each.objectId, objectId));
}
