import type { Tenant } from '@isesim/domain';
import type { SigningKey } from './signing-key.ts';

const publicCloud = { preferred_network: 'login.microsoftonline.com', preferred_cache: 'login.windows.net' };
const aliases = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'];

/** The metadata by which OpenID clients find the endpoints; `host` is the name that the client called us by. */
export function openidConfiguration(tenant: Tenant, host: string): object {
  const base = `https://${host}/${tenant.tenantId}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['token'],
    scopes_supported: ['openid'],
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
  };
}

/** Says which hosts are one and the same Entra ID; a host of another name, as localhost, stands for itself. */
export function instanceDiscovery(host: string, authorizationEndpoint: string | null): object {
  const tenantName = /^https:\/\/[^/]+\/([^/]+)\//.exec(authorizationEndpoint ?? '')?.[1] ?? 'common';
  const asked = { preferred_network: host, preferred_cache: host, aliases: [host] };
  return {
    tenant_discovery_endpoint: `https://${host}/${tenantName}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ ...publicCloud, aliases }, ...(aliases.includes(host) ? [] : [asked])],
  };
}

export function keySet({ id, publicJwk }: SigningKey, tenant: Tenant, host: string): object {
  const issuer = `https://${host}/${tenant.tenantId}/v2.0`;
  return { keys: [{ ...publicJwk, use: 'sig', kid: id, x5t: id, issuer }] };
}
