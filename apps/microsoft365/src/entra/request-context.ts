import type { IncomingMessage } from 'node:http';
import type { Instant, Random } from '@isesim/domain';
import type { ClientConnection, ConnectionWorld } from '../client-connection.ts';

/** What every answer names: when, and by which ids a request can be found again. */
export interface RequestContext {
  readonly now: Instant;
  readonly traceId: string;
  /** The client's own id when it sent one. */
  readonly correlationId: string;
  /** Decides all that is random in the answer. */
  readonly cause: string;
  /** The host by which the client called us. */
  readonly host: string;
}

type RequestWorld = Pick<ConnectionWorld, 'clock' | 'numbers'> & { readonly random: Random };

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function requestContext(
  { url = '', headers }: IncomingMessage,
  body: string,
  client: ClientConnection,
  { clock, random, numbers }: RequestWorld,
): RequestContext {
  const name = 'client-request-id';
  const sent = [headers[name], queryOf(url).get(name), new URLSearchParams(body).get(name)].find((id) => typeof id === 'string' && guid.test(id));
  const now = clock.now();
  const cause = numbers.numbered(`request from ${client.address} at ${now} ${String(sent)}`, now);
  return {
    now,
    traceId: randomGuid(random, `trace ${cause}`),
    correlationId: typeof sent === 'string' ? sent : randomGuid(random, `correlation ${cause}`),
    cause,
    host: hostOf(headers.host),
  };
}

export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

export function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(url.slice(pathOf(url).length));
}

/** A name that could break out of a URL is not repeated. */
function hostOf(header = ''): string {
  return /^[a-z0-9.-]+(:\d{1,5})?$/i.test(header) ? header : 'login.microsoftonline.com';
}

function randomGuid(random: Random, cause: string): string {
  const digits = random.text(cause, 32, '0123456789abcdef');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
