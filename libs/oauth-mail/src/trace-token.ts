import type { Trace } from '@isesim/domain';

// What the guide's reader looks at; the assertion that a client could send in place of a secret is none of it.
const formFields = ['client_id', 'scope', 'grant_type'] as const;
const answerFields = ['token_type', 'expires_in'] as const;
const claims = ['aud', 'iss', 'idp', 'appid', 'appidacr', 'app_displayname', 'idtyp', 'oid', 'sub', 'tid', 'roles', 'wids', 'iat', 'nbf', 'exp', 'ver'] as const;
const errorFields = ['error', 'error_description', 'error_codes', 'timestamp', 'trace_id', 'correlation_id'] as const;
const mask = '***';

/** The request for a token as it goes out, its secret masked. */
export function traceTokenRequest(url: URL, body: string, trace: Trace): void {
  const form = new URLSearchParams(body);
  const shown = Object.fromEntries(formFields.filter((name) => form.has(name)).map((name) => [name, form.get(name)]));
  trace({ step: 'token-request', url: `${url.origin}${url.pathname}`, form: { ...shown, ...(form.has('client_secret') && { client_secret: mask }) } });
}

/** The answer: what the token says of its bearer, or the error. The token itself is no part of it. */
export function traceTokenAnswer(status: number, body: Readonly<Record<string, unknown>>, trace: Trace): void {
  if (typeof body['access_token'] === 'string') trace({ step: 'token-answer', status, answer: only(body, answerFields), claims: claimsOf(body['access_token']) });
  else trace({ step: 'token-answer', status, error: only(body, errorFields) });
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? only(value as Record<string, unknown>, claims) : {};
  } catch {
    // A token is opaque to its client; this one cannot be read.
    return {};
  }
}

function only(all: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name]]));
}
