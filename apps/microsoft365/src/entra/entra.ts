import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Random, Tenant } from '@isesim/domain';
import type { ServerCertificate } from '../certificates.ts';
import type { ClientConnection, ConnectionWorld } from '../client-connection.ts';
import { isNameOf } from '../tenant/find.ts';
import type { StandingFaults } from '../faults.ts';
import type { TenantState } from '../tenant/tenant-state.ts';
import { accessTokenClaims, signAccessToken, tokenLifetimeSeconds } from './access-token.ts';
import { refusalAnswer, writeAnswer, type Answer } from './answer.ts';
import { instanceDiscovery, keySet, openidConfiguration } from './discovery.ts';
import { faultAnswer } from './fault-answer.ts';
import { startHttpsServer, type HttpsServer } from './https-server.ts';
import { isTenantName, judgeTokenRequest } from './judge-token-request.ts';
import { readBody } from './read-body.ts';
import { pathOf, queryOf, requestContext, type RequestContext } from './request-context.ts';
import type { SigningKey } from './signing-key.ts';
import { readTokenRequest } from './token-request.ts';

export interface EntraOptions extends ConnectionWorld {
  readonly tenant: TenantState;
  readonly faults: StandingFaults;
  readonly random: Random;
  readonly certificate: ServerCertificate;
  readonly signingKey: () => Promise<SigningKey>;
  readonly listen: string;
}

/** Entra ID as clients of the client-credentials flow meet it: the token endpoint and what leads to it. */
export function startEntra(entra: EntraOptions): Promise<HttpsServer> {
  return startHttpsServer(entra.certificate, entra.listen, entra, async (request, response, client) => {
    const read = await readBody(request);
    if (read === undefined) return;
    const tooLarge = read === 'too large';
    await client.during(
      `${request.method ?? ''} ${pathOf(request.url ?? '')}`,
      () => respond({ request, body: tooLarge ? '' : read.toString(), tooLarge, client }, response, entra),
      () => response.writeHead(500).end(),
    );
  });
}

/** A request that was read whole; of a body that is too large only that. */
interface Call {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly tooLarge: boolean;
  readonly client: ClientConnection;
}

interface Route {
  readonly method: 'GET' | 'POST';
  /** Leaves the tenant open. */
  readonly path: RegExp;
  readonly latencyMs?: (tenant: Tenant) => number;
  readonly answer: (tenantName: string, call: Call, context: RequestContext, entra: EntraOptions) => Answer | Promise<Answer>;
}

const routes: readonly Route[] = [
  { method: 'POST', path: /^\/([^/]+)\/oauth2\/v2\.0\/token$/, latencyMs: ({ latency }) => latency.tokenMs, answer: token },
  { method: 'GET', path: /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/, answer: configuration },
  { method: 'GET', path: /^\/(common)\/discovery\/instance$/, answer: instance },
  { method: 'GET', path: /^(?:\/([^/]+))?\/discovery\/v2\.0\/keys$/, answer: keys },
];

async function respond(call: Call, response: ServerResponse, entra: EntraOptions): Promise<void> {
  const { request, body, client, tooLarge } = call;
  const route = routes.find(({ path }) => path.test(pathOf(request.url ?? '')));
  if (!tooLarge) await client.sleep(route?.latencyMs?.(entra.tenant.current) ?? 0);
  const context = requestContext(request, body, client, entra);
  writeAnswer(response, await answerBy(route, call, context, entra), context, entra.random);
}

function answerBy(route: Route | undefined, call: Call, context: RequestContext, entra: EntraOptions): Answer | Promise<Answer> {
  const { url = '', method = '' } = call.request;
  if (!route) return { status: 404, body: 'Not Found' };
  if (route.method !== method) return refusalAnswer({ refused: 'method not allowed', values: { allowed: route.method, method } }, context);
  if (call.tooLarge) return { status: 413, body: 'Request Entity Too Large', headers: { connection: 'close' } };
  return route.answer(decodeSegment(route.path.exec(pathOf(url))?.[1] ?? 'common'), call, context, entra);
}

async function token(tenantName: string, { request, body }: Call, context: RequestContext, entra: EntraOptions): Promise<Answer> {
  const fault = entra.faults.atToken();
  if (fault) return faultAnswer(fault, context);
  const tenant = entra.tenant.current;
  const judged = judgeTokenRequest(readTokenRequest(tenantName, request.headers, body), tenant, context.now);
  if ('refused' in judged) return refusalAnswer(judged, context);
  const claims = accessTokenClaims(judged, tenant, context.now, entra.random, context.cause);
  const accessToken = await signAccessToken(claims, await entra.signingKey());
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      expires_in: tokenLifetimeSeconds,
      ext_expires_in: tokenLifetimeSeconds,
      access_token: accessToken,
    },
  };
}

function configuration(tenantName: string, _call: Call, context: RequestContext, { tenant }: EntraOptions): Answer {
  const values = { tenant: tenantName };
  if (!isTenantName(tenantName)) return refusalAnswer({ refused: 'tenant malformed', values }, context);
  if (!isNameOf(tenant.current, tenantName)) return refusalAnswer({ refused: 'tenant undiscovered', values }, context);
  return { status: 200, body: openidConfiguration(tenant.current, context.host) };
}

function instance(_tenantName: string, { request }: Call, { host }: RequestContext): Answer {
  const asked = queryOf(request.url ?? '').get('authorization_endpoint');
  return { status: 200, body: instanceDiscovery(host, asked) };
}

async function keys(_tenantName: string, _call: Call, { host }: RequestContext, entra: EntraOptions): Promise<Answer> {
  return { status: 200, body: keySet(await entra.signingKey(), entra.tenant.current, host) };
}

/** A segment with a broken escape stays as it is, and is then no name of a tenant. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
