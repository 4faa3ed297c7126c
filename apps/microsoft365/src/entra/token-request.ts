import type { IncomingHttpHeaders } from 'node:http';

/** A request to the token endpoint as it was read: nothing is judged yet. */
export interface TokenRequest {
  /** The tenant as the URL names it. */
  readonly tenantName: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** A parameter that was given twice, which OAuth 2.0 forbids (RFC 6749 §3.2). */
  readonly duplicate: string | undefined;
}

export function readTokenRequest(tenantName: string, headers: IncomingHttpHeaders, body: string): TokenRequest {
  // As in the real one, a body of another type has no parameters: the first mandatory one is reported missing.
  const form = [...new URLSearchParams(isForm(headers) ? body : '')];
  const names = form.map(([name]) => name);
  return {
    tenantName,
    parameters: new Map([...basicCredentials(headers), ...form]),
    duplicate: names.find((name, index) => names.indexOf(name) !== index),
  };
}

function isForm(headers: IncomingHttpHeaders): boolean {
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '');
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
function basicCredentials({ authorization = '' }: IncomingHttpHeaders): [string, string][] {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return [];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  if (id === undefined || secret === undefined) return [];
  return [
    ['client_id', formDecode(id)],
    ['client_secret', formDecode(secret)],
  ];
}

function formDecode(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll('&', '%26')}`).get('value') ?? '';
}
