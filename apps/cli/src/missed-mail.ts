import type { MailRecord } from '@isesim/domain';
import type { MissExplained, NearestMail } from '@isesim/scenario';
import { CommandProblem } from './problem.ts';

export interface MissedMail extends MissExplained {
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly count: string | undefined;
  readonly timeout: string;
  /** Those that fit, but too few. */
  readonly mails: readonly MailRecord[];
  readonly missed: NearestMail | undefined;
  /** Given where the wait ended since simulated time stands still. */
  readonly stands?: { readonly nextDue: string | null };
}

/** Why a wait for mail ended in vain: what was wanted, what comes nearest to it, and what its sender is doing. */
export function missedMail({ wanted, count, timeout, mails, missed, unaccepted, away, sender, stands }: MissedMail): CommandProblem {
  const fields = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const description = fields.length === 0 ? '' : ` with ${fields.map(([field, value]) => `${words(field)} ${String(value)}`).join(', ')}`;
  const found = mails.length === 0 ? `no mail${description} was` : `only ${mails.length} of ${count ?? '1'} mails${description} were`;
  const known = [...unaccepted, ...away];
  const nearest = mails.length > 0 ? '' : explanation(missed, known.length > 0);
  const remedy = [...known, stands ? standsText(stands, unaccepted.length > 0) : '', nearest, sender === undefined ? '' : `Its sender: ${sender}`].filter((line) => line !== '').join('\n');
  return new CommandProblem(
    { kind: 'refused', code: 'no-mail', message: `${found} accepted${stands ? ', and simulated time stands still' : ` within ${timeout}`}`, remedy: remedy === '' ? 'See what waits to be sent, and what was given up: isesim mail outbox --all' : remedy },
    { nearest: missed?.nearest ?? null, differs: missed?.differs ?? [], unaccepted, away, sender: sender ?? null, ...(stands && { nextDue: stands.nextDue }) },
  );
}

/** The deployment knows when something falls due next, and not what: that may be the mail that is owed, or another's work. */
function standsText({ nextDue }: { readonly nextDue: string | null }, isOwed: boolean): string {
  if (nextDue === null) return 'Nothing falls due any more.';
  return `What falls due next, at ${nextDue}, may be ${isOwed ? 'its next attempt, or ' : ''}the work of another: isesim clock advance ${nextDue}`;
}

function explanation(nearest: NearestMail | undefined, isKnown: boolean): string {
  if (!nearest) return `No mail was accepted at all so far.${isKnown ? '' : ' See what waits to be sent, and what was given up: isesim mail outbox --all'}`;
  const { id, purpose, sentBy, to } = nearest.nearest;
  const differences = nearest.differs.map(({ field, wanted, found }) => (field === 'contains' ? `its text does not contain "${wanted}"` : `${words(field)} is ${found}, not ${wanted}`));
  return [`The nearest is ${id} (${purpose ?? 'no purpose'}, sent by ${sentBy ?? 'no node of ours'}, to ${to.join(', ')}):`, ...differences.map((line) => `- ${line}`)].join('\n');
}

/** `sentBy` reads "sent by". */
function words(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
