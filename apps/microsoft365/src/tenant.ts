import type { Application, Mailbox, ServicePrincipal, Tenant } from '@isesim/domain';

/** The tenant as it is now. Entra ID and Exchange Online look at it anew each time, so it can be administered meanwhile. */
export class TenantState {
  #current: Tenant;

  constructor(tenant: Tenant) {
    this.#current = tenant;
  }

  get current(): Tenant {
    return this.#current;
  }

  change(edit: (tenant: Tenant) => Tenant): void {
    this.#current = edit(this.#current);
  }
}

/** A tenant goes by its id or its verified domain. */
export function isNameOf(tenant: Tenant, name: string): boolean {
  return sameText(name, tenant.tenantId) || sameText(name, tenant.domain);
}

export function findApplication(tenant: Tenant, clientId: string): Application | undefined {
  return tenant.applications.find((application) => sameText(application.clientId, clientId));
}

export function findMailbox(tenant: Tenant, address: string): Mailbox | undefined {
  return tenant.mailboxes.find((mailbox) => sameText(mailbox.address, address));
}

/** Both ids must fit one entry of Exchange's own list, so the application's object id never does. */
export function findServicePrincipal(tenant: Tenant, { appId, objectId }: ServicePrincipal): ServicePrincipal | undefined {
  return tenant.servicePrincipals.find((each) => sameText(each.appId, appId) && sameText(each.objectId, objectId));
}

export function hasFullAccess(tenant: Tenant, address: string, servicePrincipal: ServicePrincipal): boolean {
  const permissions = findMailbox(tenant, address)?.permissions ?? [];
  return permissions.some(
    (permission) =>
      sameText(permission.rights, 'FullAccess') &&
      identitiesOf(tenant, servicePrincipal).some((identity) => sameText(identity, permission.servicePrincipal)),
  );
}

/** Add-MailboxPermission takes a service principal's object id, app id or name. */
function identitiesOf(tenant: Tenant, { appId, objectId }: ServicePrincipal): string[] {
  const application = findApplication(tenant, appId);
  return application ? [objectId, appId, application.name] : [objectId, appId];
}

/** Names, addresses and GUIDs mean the same in either case. */
export function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
