import { announcedBasicAuthenticationEnd, type Application, type Instant, type Mailbox, type ServicePrincipal, type Tenant } from '@isesim/domain';
import { sameText } from '../same-text.ts';
import { findApplication, findMailbox } from './find.ts';

/** Permissions of Microsoft Graph are written with it in front; all others are Exchange Online's. */
export const graphPrefix = 'https://graph.microsoft.com/';

/** The application permissions that tokens for Exchange Online carry as roles: those to which an administrator consented. */
export function grantedRoles({ permissions, adminConsent, grantedPermissions }: Application): readonly string[] {
  const granted = grantedPermissions ?? (adminConsent ? permissions : []);
  return granted.filter((permission) => !permission.startsWith(graphPrefix));
}

/** The mailbox's own setting, else the tenant's: whose setting it is that lets nobody submit, undefined when somebody may. */
export function smtpAuthenticationDisabledFor(tenant: Tenant, { authenticatedSmtp }: Mailbox): 'Mailbox' | 'Tenant' | undefined {
  if (authenticatedSmtp === null) return (tenant.smtpClientAuthenticationDisabled ?? true) ? 'Tenant' : undefined;
  return authenticatedSmtp ? undefined : 'Mailbox';
}

/** Whether Exchange Online takes no user name and password any more. */
export function isBasicAuthenticationOver({ basicAuthenticationEnds = announcedBasicAuthenticationEnd }: Tenant, now: Instant): boolean {
  return now >= basicAuthenticationEnds;
}

export function hasFullAccess(tenant: Tenant, address: string, servicePrincipal: ServicePrincipal): boolean {
  const permissions = findMailbox(tenant, address)?.permissions ?? [];
  const identities = identitiesOf(tenant, servicePrincipal);
  const its = permissions.filter(({ servicePrincipal: user, rights }) => sameText(rights, 'FullAccess') && isOneOf(identities, user));
  return its.length > 0 && its.every(({ deny = false }) => !deny);
}

/** May whoever authenticated for `mailbox`, as its owner or as a service principal, send mail that says it is from `from`? */
export function maySendAs(tenant: Tenant, mailbox: string, servicePrincipal: ServicePrincipal | null, from: string): boolean {
  if (sameText(mailbox, from)) return true;
  const trustees = findMailbox(tenant, from)?.sendAs ?? [];
  const identities = servicePrincipal ? identitiesOf(tenant, servicePrincipal) : [];
  return trustees.some((trustee) => isOneOf([mailbox, ...identities], trustee));
}

/** Add-MailboxPermission takes a service principal's object id, app id or name. */
function identitiesOf(tenant: Tenant, { appId, objectId, displayName }: ServicePrincipal): string[] {
  const application = findApplication(tenant, appId);
  return [objectId, appId, displayName, application?.name].filter((each) => each !== undefined);
}

function isOneOf(identities: readonly string[], identity: string): boolean {
  return identities.some((each) => sameText(each, identity));
}
