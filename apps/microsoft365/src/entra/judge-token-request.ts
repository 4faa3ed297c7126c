import { Secret, type Application, type Instant, type Tenant } from '@isesim/domain';
import { findApplication, isNameOf } from '../tenant/find.ts';
import { findResource, type Resource } from './resources.ts';
import type { Refusal } from './refusals.ts';
import type { TokenRequest } from './token-request.ts';

export interface Grant {
  readonly application: Application;
  readonly resource: Resource;
}

/** The client-credentials flow's rules, in the order in which Entra ID finds fault. Missing consent is no fault here. */
export function judgeTokenRequest(request: TokenRequest, tenant: Tenant, now: Instant): Grant | Refusal {
  const refuse = refuseWithout(request, tenant);
  const { tenantName, parameters, duplicate } = request;
  if (!isTenantName(tenantName)) return refuse('tenant malformed', { tenant: tenantName });
  if (!isNameOf(tenant, tenantName)) return refuse('tenant unknown', { tenant: tenantName });
  if (duplicate !== undefined) return refuse('parameter duplicated', { name: duplicate });
  const missing = mandatory.find((name) => !parameters.get(name));
  if (missing) return refuse('parameter missing', { name: missing });
  const { grant_type: grantType = '', client_id: clientId = '', scope = '', client_secret: secret = '' } = Object.fromEntries(parameters);
  if (grantType !== 'client_credentials') return refuse('grant type unsupported', { grantType });
  if (secret === '') return refuse('credential missing', {});
  const directory = tenant.domain;
  const application = findApplication(tenant, clientId);
  if (!application) return refuse('application unknown', { clientId, directory });
  if (!isScope(scope)) return refuse('scope malformed', { scope });
  if (!scope.endsWith(allOfIt)) return refuse('scope without default', { scope });
  const resourceName = scope.slice(0, -allOfIt.length);
  const resource = findResource(resourceName);
  if (!resource) return refuse('resource unknown', { resource: resourceName, directory });
  if (application.enterpriseObjectId === '') return refuse('service principal missing', { clientId, tenant: tenant.tenantId });
  return refuseSecret(application, new Secret(secret), now) ?? { application, resource };
}

/** A GUID or a domain name, which has a dot. */
export function isTenantName(name: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) || /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i.test(name);
}

const mandatory = ['grant_type', 'client_id', 'scope'] as const;

const allOfIt = '/.default';

/** One scope in the characters of RFC 6749 §3.3, with something before `/.default`. */
function isScope(scope: string): boolean {
  return /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(scope) && scope !== allOfIt;
}

/** Several secrets can be valid at once, while one is exchanged for another. */
function refuseSecret({ clientId, secrets }: Application, presented: Secret, now: Instant): Refusal | undefined {
  const matching = secrets.filter(({ value }) => value.equals(presented));
  if (matching.length === 0) return { refused: 'secret wrong', values: { clientId } };
  if (matching.every(({ expires }) => expires <= now)) return { refused: 'secret expired', values: { clientId } };
  return undefined;
}

// A shorter one would be found by chance inside of ids and names.
const secretLengthMin = 8;

/** Refusals repeat what the client sent; a secret that it put into a wrong field is not repeated. */
function refuseWithout({ parameters }: TokenRequest, tenant: Tenant) {
  const presented = parameters.get('client_secret') ?? '';
  const known = tenant.applications.flatMap(({ secrets }) => secrets.map(({ value }) => value));
  const conceal = (value: string) => {
    if (known.some((secret) => secret.equals(new Secret(value)))) return '***';
    return presented.length < secretLengthMin ? value : value.replaceAll(presented, '***');
  };
  return (refused: Refusal['refused'], values: Record<string, string>): Refusal => ({
    refused,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, conceal(value)])),
  });
}
