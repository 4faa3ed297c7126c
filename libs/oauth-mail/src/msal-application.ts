import type { ConfidentialClientApplication } from '@azure/msal-node';
import { oauthScope, oauthTokenEndpointHost, Secret, secondMs, type OAuthSettings } from '@isesim/domain';
import { AttemptFailure, tokenFailure } from './attempt-failure.ts';
import type { MailWorld } from './far-end.ts';
import { msalNetwork } from './msal-network.ts';

type Msal = typeof import('@azure/msal-node');

/** MSAL's client of one application, and what MSAL does not tell of the answers that it gets. */
export class MsalApplication {
  readonly #oauth: OAuthSettings;
  readonly #world: MailWorld;
  #client: ConfidentialClientApplication | undefined;
  #timeoutMs = 0;
  #lifetimeMs = 0;
  #retryAfterMs: number | undefined;

  constructor(oauth: OAuthSettings, world: MailWorld) {
    this.#oauth = oauth;
    this.#world = world;
  }

  /** From Entra ID, whatever MSAL has kept. Throws an AttemptFailure. */
  async newToken(timeoutMs: number): Promise<{ readonly token: Secret; readonly lifetimeMs: number }> {
    this.#timeoutMs = timeoutMs;
    this.#retryAfterMs = undefined;
    // Also ends MSAL's own throttle, which goes by the wall clock.
    this.#client?.clearCache();
    return { token: await this.token(), lifetimeMs: this.#lifetimeMs };
  }

  /** From MSAL's cache, or from Entra ID when that is empty. */
  async token(): Promise<Secret> {
    const msal = await this.#world.work.outside('load MSAL', () => import('@azure/msal-node'));
    try {
      return await this.#acquire((this.#client ??= this.#open(msal)));
    } catch (error) {
      throw error instanceof msal.AuthError ? tokenFailure(error, this.#retryAfterMs) : error;
    }
  }

  async #acquire(client: ConfidentialClientApplication): Promise<Secret> {
    // The region, else taken from an environment variable, would be another token endpoint.
    const result = await client.acquireTokenByClientCredential({ scopes: [oauthScope], azureRegion: 'DisableMsalForceRegion' });
    if (result?.accessToken) return new Secret(result.accessToken);
    throw new AttemptFailure(`${oauthTokenEndpointHost} answered without a token`, { stage: 'token', code: 'EBADRESPONSE' });
  }

  #open({ ConfidentialClientApplication, AuthError }: Msal): ConfidentialClientApplication {
    const { clientId, tenantId, clientSecret } = this.#oauth;
    const networkClient = msalNetwork(this.#world, {
      AuthError,
      timeoutMs: () => this.#timeoutMs,
      onLifetime: (seconds) => { this.#lifetimeMs = seconds * secondMs; },
      onRetryAfter: (ms) => { this.#retryAfterMs = ms; },
    });
    const authority = `https://${oauthTokenEndpointHost}/${encodeURIComponent(tenantId)}`;
    return new ConfidentialClientApplication({ auth: { clientId, authority, clientSecret: clientSecret.reveal() }, system: { networkClient } });
  }
}
