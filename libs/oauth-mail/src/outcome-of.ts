import type { Outcome } from '@isesim/domain';
import { AttemptFailure } from './attempt-failure.ts';

/** The outcome that a failure means, by the first row that fits. What is no failure of an attempt is thrown on. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof AttemptFailure)) throw error;
  const kind = table.find(({ when }) => when(error))?.kind ?? 'deferred';
  if (kind === 'indefinite') return { kind, reason: error.message };
  const { stage, reply, code, retryAfterMs } = error;
  const told = { stage, reason: error.message, ...(reply && { reply }), ...(code && { code }) };
  return kind === 'deferred' && retryAfterMs !== undefined ? { kind, ...told, retryAfterMs } : { kind, ...told };
}

interface Row {
  readonly kind: 'indefinite' | 'unauthorized' | 'refused' | 'deferred';
  readonly when: (failure: AttemptFailure) => boolean;
}

/** The one copy of what each failure means (RFC 5321 §4.2.1, §6.1; replies as Exchange Online gives them). */
const table: readonly Row[] = [
  { kind: 'indefinite', when: ({ sent, reply }) => sent === 'whole' && !reply },
  { kind: 'unauthorized', when: ({ rejected }) => rejected === 'credentials' },
  { kind: 'unauthorized', when: ({ reply }) => reply?.code === 530 || reply?.code === 535 },
  { kind: 'unauthorized', when: (failure) => failure.stage === 'auth' && isPermanent(failure) },
  { kind: 'refused', when: ({ rejected }) => rejected === 'mail' },
  { kind: 'refused', when: (failure) => isSubmission(failure) && isPermanent(failure) },
  { kind: 'deferred', when: () => true },
];

function isPermanent({ reply }: AttemptFailure): boolean {
  return reply !== undefined && reply.code >= 500;
}

function isSubmission({ stage }: AttemptFailure): boolean {
  return stage === 'mail' || stage === 'rcpt' || stage === 'data';
}
