import type { NearestMail } from './operations/nearest-mail.ts';
import { CommandProblem } from './problem.ts';

/** Why a wait for mail ended without one: what was wanted, and what comes nearest to it. */
export function missedMail(wanted: Readonly<Record<string, string | undefined>>, timeout: string, nearest: NearestMail | undefined): CommandProblem {
  const fields = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const description = fields.length === 0 ? '' : ` with ${fields.map(([field, value]) => `${words(field)} ${value ?? ''}`).join(', ')}`;
  return new CommandProblem(
    { kind: 'refused', code: 'no-mail', message: `no mail${description} was accepted within ${timeout}`, remedy: explanation(nearest) },
    { nearest: nearest?.nearest ?? null, differs: nearest?.differs ?? [] },
  );
}

function explanation(nearest: NearestMail | undefined): string {
  if (!nearest) return 'No mail was accepted at all so far. See what waits to be sent: isesim mail outbox';
  const { id, purpose, sentBy, to } = nearest.nearest;
  const differences = nearest.differs.map(({ field, wanted, found }) => `${words(field)} is ${found}, not ${wanted}`);
  return [`The nearest is ${id} (${purpose ?? 'no purpose'}, sent by ${sentBy ?? 'no node of ours'}, to ${to.join(', ')}):`, ...differences.map((line) => `- ${line}`)].join('\n');
}

/** `sentBy` reads "sent by". */
function words(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
