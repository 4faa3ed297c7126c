import type { Instant, Random, Tenant } from '@isesim/domain';
import { SignJWT, type JWTPayload } from 'jose';
import type { Grant } from './judge-token-request.ts';
import type { SigningKey } from './signing-key.ts';
import { grantedRoles } from '../tenant/permissions.ts';

/** The real lifetime varies between 60 and 90 minutes; 3599 is what Microsoft's own examples show. */
export const tokenLifetimeSeconds = 3599;

/** Tokens for Exchange Online are of version 1.0, whichever endpoint gave them. */
export function issuerOf(tenant: Tenant): string {
  return `https://sts.windows.net/${tenant.tenantId}/`;
}

/** The claims of an app-only token. `cause` decides the opaque ones. */
export function accessTokenClaims(grant: Grant, tenant: Tenant, now: Instant, random: Random, cause: string): JWTPayload {
  const { application, resource } = grant;
  const issuedAt = Math.floor(now / 1_000);
  const roles = rolesOf(grant);
  return {
    aud: resource.audience,
    iss: issuerOf(tenant),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + tokenLifetimeSeconds,
    aio: random.text(`aio ${cause}`, 44),
    app_displayname: application.name,
    appid: application.clientId,
    // How the client proved itself: 1 is a secret.
    appidacr: '1',
    idp: issuerOf(tenant),
    idtyp: 'app',
    oid: application.enterpriseObjectId,
    rh: `1.${random.text(`rh ${cause}`, 40)}.`,
    ...(roles.length > 0 ? { roles } : {}),
    sub: application.enterpriseObjectId,
    tid: tenant.tenantId,
    uti: random.text(`uti ${cause}`, 22),
    ver: '1.0',
    wids: ['0997a1d0-0d1d-4acb-b408-d5ca73121e90'],
  };
}

export async function signAccessToken(claims: JWTPayload, key: SigningKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: key.id, kid: key.id }).sign(key.privateKey);
}

/** Without admin consent the token is issued all the same, and has no roles. */
function rolesOf({ application, resource }: Grant): readonly string[] {
  return resource.api === 'Exchange Online' ? grantedRoles(application) : [];
}
