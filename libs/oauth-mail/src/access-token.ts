import { secondMs, type Instant, type OAuthSettings, type Outcome, type Secret } from '@isesim/domain';
import type { MailWorld } from './far-end.ts';
import { MsalApplication } from './msal-application.ts';
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
    const client = new TokenClient(oauth, world);
    clients.set(key, { secret: oauth.clientSecret, client });
    return client;
  }

  return { acquire: (oauth, request) => clientFor(oauth).acquire(request) };
}

/** As MSAL does: a token is renewed five minutes before its end. */
const renewalMarginMs = 300 * secondMs;

/** The tokens of one application, by the simulated clock. */
class TokenClient {
  readonly #world: MailWorld;
  readonly #application: MsalApplication;
  readonly #throttle: Throttle;
  #expiresAt: Instant | undefined;
  #renewal: Promise<AccessToken> | undefined;

  constructor(oauth: OAuthSettings, world: MailWorld) {
    this.#world = world;
    this.#application = new MsalApplication(oauth, world);
    this.#throttle = new Throttle(world.clock);
  }

  /** MSAL does not join concurrent requests; here whoever comes while one is under way waits for it. */
  async acquire({ fresh, timeoutMs }: TokenRequest): Promise<AccessToken> {
    const { clock, work } = this.#world;
    if (this.#renewal) return await work.slot(this.#renewal);
    const until = this.#expiresAt;
    if (!fresh && until !== undefined && clock.now() < until - renewalMarginMs) {
      return { kind: 'token', token: await this.#application.token(), expiresAt: until };
    }
    this.#renewal = this.#renew(timeoutMs).finally(() => {
      this.#renewal = undefined;
    });
    return await this.#renewal;
  }

  async #renew(timeoutMs: number): Promise<AccessToken> {
    this.#throttle.check();
    const begunAt = this.#world.clock.now();
    this.#expiresAt = undefined;
    try {
      const { token, lifetimeMs } = await this.#application.newToken(timeoutMs);
      const expiresAt = begunAt + lifetimeMs;
      this.#expiresAt = expiresAt;
      return { kind: 'token', token, expiresAt };
    } catch (error) {
      this.#throttle.keep(error);
      throw error;
    }
  }
}
