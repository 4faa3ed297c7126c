import { type Instant, type ServicePrincipal, type Tenant } from '@isesim/domain';
import { jwtVerify } from 'jose';
import * as z from 'zod';
import { issuerOf } from '../entra/access-token.ts';
import { exchangeAudiences } from '../entra/resources.ts';
import type { SigningKey } from '../entra/signing-key.ts';
import { findMailbox, findServicePrincipal } from '../tenant/find.ts';
import { refusalOf } from './mailbox-refusal.ts';
import type { Situation } from './replies.ts';

/** Who may submit on a connection, once AUTH has succeeded. Nothing of it is checked again before the message is in. */
export interface Submitter {
  /** null where user name and password let it in. */
  readonly clientId: string | null;
  readonly mailbox: string;
  /** null for the owner of the mailbox. */
  readonly servicePrincipal: ServicePrincipal | null;
}

const claimsSchema = z.object({
  aud: z.string(),
  appid: z.string(),
  oid: z.string(),
  roles: z.array(z.string()).default([]),
});
type Claims = z.infer<typeof claimsSchema>;

/** Judges an XOAUTH2 response in Exchange's order: token, mailbox, SMTP AUTH switches, policies, role, service principal. */
export async function authenticate(response: string, tenant: Tenant, key: SigningKey, now: Instant): Promise<Submitter | Situation> {
  const credentials = decodeXoauth2(response);
  const claims = credentials && (await verifyToken(credentials.token, tenant, key, now));
  if (!claims) return 'unauthenticated';
  const mailbox = findMailbox(tenant, credentials.user);
  if (!mailbox) return 'unauthenticated';
  const refusal = refusalOf(tenant, mailbox);
  if (refusal) return refusal;
  if (!claims.roles.includes('SMTP.SendAsApp')) return 'unauthenticated';
  const servicePrincipal = findServicePrincipal(tenant, { appId: claims.appid, objectId: claims.oid });
  if (!servicePrincipal) return 'unauthenticated';
  return { clientId: claims.appid, mailbox: mailbox.address, servicePrincipal };
}

/** `user=… ^A auth=Bearer … ^A ^A` in base64. */
function decodeXoauth2(response: string): { user: string; token: string } | undefined {
  const [, user, token] = /^user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01$/i.exec(Buffer.from(response, 'base64').toString()) ?? [];
  return user !== undefined && token !== undefined ? { user, token } : undefined;
}

/** The claims of a token that Entra ID signed for Exchange Online in this tenant, and that is valid now. */
async function verifyToken(token: string, tenant: Tenant, { publicKey }: SigningKey, now: Instant): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: ['RS256'],
      audience: exchangeAudiences,
      issuer: issuerOf(tenant),
      requiredClaims: ['exp', 'nbf'],
      currentDate: new Date(now),
    });
    return payload['tid'] === tenant.tenantId ? claimsSchema.parse(payload) : undefined;
  } catch {
    // Why a token is refused is never told.
    return undefined;
  }
}
