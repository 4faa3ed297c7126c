/** A Microsoft 365 tenant as the double plays it: Entra ID's users and applications and Exchange Online's mailboxes together. */
import type { ExchangeLimits } from './exchange-limits.ts';
import type { Instant } from './instant.ts';
import type { Secret } from './secret.ts';

export interface Tenant {
  readonly tenantId: string;
  /** The initial domain, as contoso.onmicrosoft.com; also a valid tenant name in a token URL. */
  readonly domain: string;
  /** Entra ID's users. A mailbox that none of them owns belongs to a user with a licence who is not listed. */
  readonly users?: readonly User[];
  readonly mailboxes: readonly Mailbox[];
  readonly applications: readonly Application[];
  /** Exchange Online's own list, filled by New-ServicePrincipal; Exchange matches a token's appid and oid against it. */
  readonly servicePrincipals: readonly ServicePrincipal[];
  /** What Set-TransportConfig says for every mailbox that says nothing itself. Left out: true, as for all tenants since 2020. */
  readonly smtpClientAuthenticationDisabled?: boolean;
  /** From when on Exchange Online takes no user name and password. Left out: `announcedBasicAuthenticationEnd`. */
  readonly basicAuthenticationEnds?: Instant;
  /** Simulated milliseconds until Exchange Online goes by a change. Left out: none. */
  readonly propagationMs?: number;
  /** Simulated milliseconds that each step takes. */
  readonly latency: { readonly tokenMs: number; readonly connectMs: number; readonly submitMs: number; readonly refusalMs?: number };
  /** What Exchange Online allows each mailbox. Left out: everything. */
  readonly limits?: ExchangeLimits;
}

/** Microsoft turns user name and password off for tenants that there are at the end of December 2026; the very instant is ours. */
export const announcedBasicAuthenticationEnd: Instant = Date.UTC(2027, 0, 1);

export interface User {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly mailNickname: string;
  readonly password?: Secret;
  /** Two letters; without it Entra ID assigns no licence. */
  readonly usageLocation?: string;
  /** The ids of the products whose licence the user has; without one there is no mailbox. */
  readonly licenses: readonly string[];
  readonly createdAt?: Instant;
}

export interface Mailbox {
  readonly address: string;
  /** Of the user who owns it, where `users` has none; without one nobody gets in by password. */
  readonly password?: Secret;
  /** The tick "Authenticated SMTP": the mailbox's SmtpClientAuthenticationDisabled inverted. null goes by the tenant's. */
  readonly authenticatedSmtp: boolean | null;
  readonly permissions: readonly MailboxPermission[];
  /** Who may send as this mailbox besides itself: mailboxes by address, service principals by object id. */
  readonly sendAs?: readonly string[];
  /** MaxSendSize: how many bytes a message that it sends may have. Left out: what the limits say. */
  readonly maxSendSizeBytes?: number;
  readonly createdAt?: Instant;
  readonly condition?: MailboxCondition;
}

/** What keeps a mailbox from sending though all is set up: no room for its Sent Items, a sender blocked for spam, a policy at sign-in. */
export const mailboxConditions = ['full', 'blocked-sender', 'conditional-access', 'security-defaults'] as const;
export type MailboxCondition = (typeof mailboxConditions)[number];

export interface MailboxPermission {
  /** Object id, app id or name of a service principal, or the address of a mailbox. */
  readonly servicePrincipal: string;
  readonly rights: string;
  /** A denial wins over any permission. */
  readonly deny?: boolean;
}

export interface Application {
  readonly name: string;
  readonly clientId: string;
  readonly applicationObjectId: string;
  /** Empty while the tenant has no enterprise application (service principal) for it. */
  readonly enterpriseObjectId: string;
  readonly secrets: readonly ClientSecret[];
  /** Application permissions that are configured. Without consent no token carries them. */
  readonly permissions: readonly string[];
  /** Delegated permissions that are configured. They never become roles of a token of the client-credentials flow. */
  readonly delegatedPermissions?: readonly string[];
  /** Consent to `permissions`, all of them. */
  readonly adminConsent: boolean;
  /** Application permissions that were granted one by one; where given, `adminConsent` says nothing. */
  readonly grantedPermissions?: readonly string[];
  readonly signInAudience?: string;
  readonly createdAt?: Instant;
}

export interface ClientSecret {
  readonly value: Secret;
  readonly expires: Instant;
  /** The secret ID, which is often typed for the value. */
  readonly keyId?: string;
  readonly displayName?: string;
  readonly starts?: Instant;
}

export interface ServicePrincipal {
  readonly appId: string;
  readonly objectId: string;
  readonly displayName?: string;
  readonly createdAt?: Instant;
}
