import { misfits, type MailFilter } from '@isesim/deployment';
import type { MailRecord } from '@isesim/domain';
import type * as z from 'zod';
import { node, purpose, template, words } from './fields.ts';
import type { Stage } from './stage.ts';

/** What mail is looked for by; each field that is given must fit. */
export const mailFields = {
  purpose: purpose.optional().describe('Why it was sent'),
  template: template.optional().describe('The kind of text'),
  to: words.optional().describe('One of its recipients'),
  from: words.optional().describe('Its sender address'),
  subject: words.optional().describe('Its subject'),
  sentBy: node.optional().describe('The node that sent it, by the evidence of the receiving side'),
  contains: words.optional().describe('A part of its subject or text'),
};

export type MailWanted = z.output<z.ZodObject<typeof mailFields>>;
export type WantedField = keyof MailWanted;

/** The mail accepted so far that fits, in the order of acceptance. */
export async function mailsThatFit({ deployment }: Pick<Stage, 'deployment'>, { contains, ...filter }: MailWanted): Promise<MailRecord[]> {
  const candidates = deployment.mails.all(filter);
  if (contains === undefined) return candidates;
  const fitting = await Promise.all(candidates.map(async (mail) => ((await readableText(deployment, mail)).includes(contains) ? [mail] : [])));
  return fitting.flat();
}

/** A mail that is not what was wanted, and in what. */
export interface NearestMail {
  readonly nearest: MailRecord;
  readonly differs: readonly { readonly field: WantedField; readonly wanted: string; readonly found: string }[];
}

/** The mail that fits most of what was wanted; among equals one of the purpose, then the one that was accepted last. */
export async function nearestMail({ deployment }: Pick<Stage, 'deployment'>, { contains, ...filter }: MailWanted): Promise<NearestMail | undefined> {
  let best: { mail: MailRecord; fields: WantedField[]; distance: number } | undefined;
  for (const mail of deployment.mails.all()) {
    const fields: WantedField[] = misfits(mail, filter);
    if (contains !== undefined && !(await readableText(deployment, mail)).includes(contains)) fields.push('contains');
    const distance = fields.length + (fields.includes('purpose') ? 0.5 : 0);
    if (!best || distance <= best.distance) best = { mail, fields, distance };
  }
  if (!best) return undefined;
  const { mail, fields } = best;
  return { nearest: mail, differs: fields.map((field) => ({ field, wanted: { ...filter, contains }[field] ?? '', found: foundIn(mail, field) })) };
}

function foundIn(mail: MailRecord, field: WantedField): string {
  if (field === 'contains') return 'not in it';
  const value = mail[field as keyof MailFilter];
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Subject and text of a mail as its reader sees them. */
export async function readableText({ mails }: Pick<Stage['deployment'], 'mails'>, { id, subject }: MailRecord): Promise<string> {
  const { default: PostalMime } = await import('postal-mime');
  const { text = '' } = await PostalMime.parse(mails.find(id)?.source ?? '');
  return `${subject}\n${text}`;
}

/** `purpose alarm, sent by ise-2` */
export function wantedText(fields: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length === 0 ? 'any mail' : given.map(([field, value]) => `${inWords(field)} ${String(value)}`).join(', ');
}

/** `0f8b… (alarm, sent by ise-2, to admin@contoso.example): sent by is ise-2, not ise-1` */
export function nearestText({ nearest: { id, purpose: why, sentBy, to }, differs }: NearestMail): string {
  const differences = differs.map(({ field, wanted: want, found }) => (field === 'contains' ? `lacks "${want}"` : `${inWords(field)} is ${found}, not ${want}`));
  return `${id} (${why ?? 'no purpose'}, sent by ${sentBy ?? 'no node of ours'}, to ${to.join(', ')}): ${differences.join('; ') || 'fits'}`;
}

/** `sentBy` reads "sent by". */
function inWords(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
