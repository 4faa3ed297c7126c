import { secondMs, type Microsoft365Fault } from '@isesim/domain';
import { refusalAnswer, type Answer } from './answer.ts';
import type { RequestContext } from './request-context.ts';

// As recorded from the real service.
const retryAfterDefaultMs = 60 * secondMs;

/** What the token endpoint says while it throttles (429, and no JSON) or is in trouble (503). */
export function faultAnswer({ fault, retryAfterMs = retryAfterDefaultMs }: Microsoft365Fault, context: RequestContext): Answer {
  const wait = { 'retry-after': String(Math.ceil(retryAfterMs / secondMs)) };
  if (fault === 'token-429') return { status: 429, body: 'Too Many Requests', headers: wait };
  const answer = refusalAnswer({ refused: 'transient error', values: {} }, context);
  return { ...answer, headers: { ...answer.headers, ...wait } };
}
