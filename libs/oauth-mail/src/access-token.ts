import type { ConfidentialClientApplication } from '@azure/msal-node';
import { oauthScope, oauthTokenEndpointHost, Secret, secondMs, type Instant, type OAuthSettings, type Outcome } from '@isesim/domain';
import { AttemptFailure, tokenFailure } from './attempt-failure.ts';
import type { MailWorld } from './far-end.ts';
import { msalNetwork } from './msal-network.ts';
import { outcomeOf } from './outcome-of.ts';
import { Throttle } from './retry-after.ts';

export interface AccessToken {
  readonly kind: 'token';
  readonly token: Secret;
  /** On the simulated clock. */
  readonly expiresAt: Instant;
}

/** Asks Entra ID for one token and keeps nothing; without a token it gives the outcome that an attempt would have. */
export async function acquireToken(oauth: OAuthSettings, world: MailWorld, timeoutMs: number): Promise<AccessToken | Outcome> {
  try {
    return await openTokenSource(world).acquire(oauth, { fresh: true, timeoutMs });
  } catch (error) {
    return outcomeOf(error);
  }
}

export interface TokenRequest {
  /** Not one that was given out before. */
  readonly fresh: boolean;
  readonly timeoutMs: number;
}

export interface TokenSource {
  /** A token that is good for some minutes more; throws an AttemptFailure. */
  acquire(oauth: OAuthSettings, request: TokenRequest): Promise<AccessToken>;
}

/** Tokens by tenant, client and secret, each kept until shortly before its end. */
export function openTokenSource(world: MailWorld): TokenSource {
  const clients = new Map<string, { readonly secret: Secret; readonly client: TokenClient }>();

  function clientFor(oauth: OAuthSettings): TokenClient {
    const key = JSON.stringify([oauth.tenantId, oauth.clientId]);
    const known = clients.get(key);
    if (known?.secret.equals(oauth.clientSecret)) return known.client;
    const client = openTokenClient(oauth, world);
    clients.set(key, { secret: oauth.clientSecret, client });
    return client;
  }

  return { acquire: (oauth, request) => clientFor(oauth).acquire(request) };
}

interface TokenClient {
  acquire(request: TokenRequest): Promise<AccessToken>;
}

/** As MSAL does: a token is renewed five minutes before its end. */
const renewalMarginMs = 300 * secondMs;

function openTokenClient(oauth: OAuthSettings, world: MailWorld): TokenClient {
  const { clock, work } = world;
  let application: ConfidentialClientApplication | undefined;
  const throttle = new Throttle(clock);
  let timeoutMs = 0;
  let lifetimeMs = 0;
  let retryAfterMs: number | undefined;
  let expiresAt: Instant | undefined;
  let renewal: Promise<AccessToken> | undefined;

  /** MSAL does not join concurrent requests; here whoever comes while one is under way waits for it. */
  async function acquire(request: TokenRequest): Promise<AccessToken> {
    if (renewal) return await work.slot(renewal);
    const until = expiresAt;
    if (!request.fresh && until !== undefined && clock.now() < until - renewalMarginMs) {
      return { kind: 'token', token: await ask(), expiresAt: until };
    }
    renewal = renew(request).finally(() => {
      renewal = undefined;
    });
    return await renewal;
  }

  async function renew(request: TokenRequest): Promise<AccessToken> {
    throttle.check();
    const begunAt = clock.now();
    timeoutMs = request.timeoutMs;
    expiresAt = undefined;
    retryAfterMs = undefined;
    // Also ends MSAL's own throttle, which goes by the wall clock.
    application?.clearCache();
    const token = await ask().catch((error: unknown) => {
      throttle.keep(error);
      throw error;
    });
    expiresAt = begunAt + lifetimeMs;
    return { kind: 'token', token, expiresAt };
  }

  /** From MSAL's cache, or from Entra ID when that is empty. */
  async function ask(): Promise<Secret> {
    const msal = await work.outside('load MSAL', () => import('@azure/msal-node'));
    try {
      application ??= new msal.ConfidentialClientApplication({
        auth: {
          clientId: oauth.clientId,
          authority: `https://${oauthTokenEndpointHost}/${encodeURIComponent(oauth.tenantId)}`,
          clientSecret: oauth.clientSecret.reveal(),
        },
        system: {
          networkClient: msalNetwork(world, {
            AuthError: msal.AuthError,
            timeoutMs: () => timeoutMs,
            onLifetime: (seconds) => (lifetimeMs = seconds * secondMs),
            onRetryAfter: (ms) => (retryAfterMs = ms),
          }),
        },
      });
      // The region, else taken from an environment variable, would be another token endpoint.
      const result = await application.acquireTokenByClientCredential({ scopes: [oauthScope], azureRegion: 'DisableMsalForceRegion' });
      if (!result?.accessToken) {
        throw new AttemptFailure(`${oauthTokenEndpointHost} answered without a token`, { stage: 'token', code: 'EBADRESPONSE' });
      }
      return new Secret(result.accessToken);
    } catch (error) {
      throw error instanceof msal.AuthError ? tokenFailure(error, retryAfterMs) : error;
    }
  }

  return { acquire };
}
