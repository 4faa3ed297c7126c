/** A Microsoft 365 tenant as the double plays it: Entra ID's applications and Exchange Online's mailboxes together. */
import type { Instant } from './instant.ts';
import type { Secret } from './secret.ts';

export interface Tenant {
  readonly tenantId: string;
  /** The initial domain, as contoso.onmicrosoft.com; also a valid tenant name in a token URL. */
  readonly domain: string;
  readonly mailboxes: readonly Mailbox[];
  readonly applications: readonly Application[];
  /** Exchange Online's own list, filled by New-ServicePrincipal; Exchange matches a token's appid and oid against it. */
  readonly servicePrincipals: readonly ServicePrincipal[];
  /** Simulated milliseconds that each step takes. */
  readonly latency: { readonly tokenMs: number; readonly connectMs: number; readonly submitMs: number };
}

export interface Mailbox {
  readonly address: string;
  readonly authenticatedSmtp: boolean;
  readonly permissions: readonly { readonly servicePrincipal: string; readonly rights: string }[];
}

export interface Application {
  readonly name: string;
  readonly clientId: string;
  readonly applicationObjectId: string;
  readonly enterpriseObjectId: string;
  readonly secrets: readonly { readonly value: Secret; readonly expires: Instant }[];
  readonly permissions: readonly string[];
  readonly adminConsent: boolean;
}

export interface ServicePrincipal {
  readonly appId: string;
  readonly objectId: string;
}
