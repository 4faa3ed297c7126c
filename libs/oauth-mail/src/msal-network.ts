import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:tls';
import type { AuthError, INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { NetworkError, type Connection } from '@isesim/domain';
import { awaitFarEnd, closeConnection, type MailWorld } from './far-end.ts';
import { openConnection } from './open-connection.ts';
import { retryAfterMs } from './retry-after.ts';
import { traceTls } from './trace-tls.ts';
import { traceTokenAnswer, traceTokenRequest } from './trace-token.ts';

export interface MsalNetworkOptions {
  /** MSAL's own error class, which is loaded only when first needed. */
  readonly AuthError: typeof AuthError;
  readonly timeoutMs: () => number;
  /** Hears how long each new token lives. */
  readonly onLifetime: (seconds: number) => void;
  /** Hears for how long an answer asks not to be asked again; undefined where it does not. */
  readonly onRetryAfter: (ms: number | undefined) => void;
}

/**
 * MSAL's way to the network: from the node's own address, with the certificates that the node trusts. (MSAL's own is the
 * global fetch, which knows one set of certificates per process and hides why it failed.)
 */
export function msalNetwork(world: MailWorld, { AuthError, timeoutMs, onLifetime, onRetryAfter }: MsalNetworkOptions): INetworkModule {
  async function exchange<T>(method: string, url: string, options: NetworkRequestOptions = {}): Promise<NetworkResponse<T>> {
    try {
      const response = await exchangeOnce(world, { method, url: new URL(url), options, timeoutMs: timeoutMs(), onRetryAfter });
      return { ...response, body: forMsal(response.body, onLifetime) as T };
    } catch (error) {
      // MSAL passes on an AuthError as it is and replaces any other error by one that does not tell the cause.
      const { code = 'EUNKNOWN', message } = error as NodeJS.ErrnoException;
      throw Object.assign(new AuthError('network_error', '', message, code), { cause: error });
    }
  }
  return {
    sendGetRequestAsync: (url, options) => exchange('GET', url, options),
    sendPostRequestAsync: (url, options) => exchange('POST', url, options),
  };
}

interface Request {
  readonly method: string;
  readonly url: URL;
  readonly options: NetworkRequestOptions;
  readonly timeoutMs: number;
  readonly onRetryAfter: MsalNetworkOptions['onRetryAfter'];
}

type JsonObject = Readonly<Record<string, unknown>>;
type JsonResponse = NetworkResponse<JsonObject>;

const httpsPort = 443;
/** Token responses have a few kilobytes. */
const responseLimitBytes = 1_000_000;
/**
 * MSAL counts a token's life on the wall clock. It gets a life that never ends, and the real one is kept on the
 * simulated clock by the token client.
 */
const lifetimeForMsalSeconds = 10 * 365 * 86_400;

async function exchangeOnce(world: MailWorld, { method, url, options, timeoutMs, onRetryAfter }: Request): Promise<JsonResponse> {
  const { trace } = world;
  const connection = await openConnection(world, url.hostname, Number(url.port) || httpsPort, timeoutMs);
  try {
    const answer = async () => {
      const response = await respond(connection, world, method, url, options);
      onRetryAfter(retryAfterMs(response.headers['retry-after']));
      const answered = await read(response, url).catch((error: unknown) => {
        trace?.({ step: 'token-answer', status: response.statusCode ?? 0 });
        throw error;
      });
      if (trace) traceTokenAnswer(answered.status, answered.body, trace);
      return answered;
    };
    return await awaitFarEnd(world, connection, timeoutMs, answer, () => true);
  } finally {
    await closeConnection(world, connection);
  }
}

function respond(
  { socket }: Connection,
  { network, trace }: MailWorld,
  method: string,
  url: URL,
  { headers = {}, body }: NetworkRequestOptions,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // createConnection without an agent: nothing is kept or shared beyond this request.
    const createConnection = () => {
      const trusted = network.trustedCertificates(url.hostname);
      const secured = connect({ socket, servername: url.hostname, ca: [...trusted] });
      if (trace) {
        traceTls(secured, url.hostname, trusted, trace);
        // Nothing is sent before.
        secured.once('secureConnect', () => { traceTokenRequest(url, body ?? '', trace); });
      }
      return secured;
    };
    request(url, { method, headers, createConnection }).on('response', resolve).on('error', reject).end(body);
  });
}

async function read(response: IncomingMessage, url: URL): Promise<JsonResponse> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > responseLimitBytes) throw badResponse(url, `more than ${responseLimitBytes} bytes`);
  }
  const status = response.statusCode ?? 0;
  const body = parseObject(Buffer.concat(chunks).toString('utf8'));
  if (!body || (status >= 400 && !('error' in body))) {
    throw badResponse(url, `${status} ${response.statusMessage ?? ''}, and not in JSON as a token endpoint does`);
  }
  return { status, body, headers: plainHeaders(response) };
}

function badResponse({ host }: URL, what: string): NetworkError {
  return new NetworkError('EBADRESPONSE', `${host} answered ${what}`);
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]));
}

function forMsal(body: JsonObject, onLifetime: (seconds: number) => void): JsonObject {
  if (!('access_token' in body)) return body;
  onLifetime(Number(body['expires_in']) || 0);
  // refresh_in would have MSAL renew by the wall clock, too.
  const { refresh_in: _, ...rest } = body;
  return { ...rest, expires_in: lifetimeForMsalSeconds, ext_expires_in: lifetimeForMsalSeconds };
}
