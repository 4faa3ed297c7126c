import { misfits, type MailFilter } from '@isesim/deployment';
import type { MailRecord } from '@isesim/domain';

/** A mail that is not what was wanted, and in what. */
export interface NearestMail {
  readonly nearest: MailRecord;
  readonly differs: readonly { readonly field: keyof MailFilter; readonly wanted: string; readonly found: string }[];
}

/** The mail that fits most of what was wanted; among equals one of the purpose, then the one that was accepted last. */
export function nearestMail(mails: readonly MailRecord[], wanted: MailFilter): NearestMail | undefined {
  let best: { mail: MailRecord; fields: (keyof MailFilter)[]; distance: number } | undefined;
  for (const mail of mails) {
    const fields = misfits(mail, wanted);
    const distance = fields.length + (fields.includes('purpose') ? 0.5 : 0);
    if (!best || distance <= best.distance) best = { mail, fields, distance };
  }
  if (!best) return undefined;
  const { mail, fields } = best;
  return { nearest: mail, differs: fields.map((field) => ({ field, wanted: wanted[field] ?? '', found: foundIn(mail, field) })) };
}

function foundIn(mail: MailRecord, field: keyof MailFilter): string {
  const value = mail[field];
  return Array.isArray(value) ? value.join(', ') : String(value);
}
