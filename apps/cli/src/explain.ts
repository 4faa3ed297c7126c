import { knownFailures, type KnownFailure } from '@isesim/domain';

/**
 * What a text may mean that ISE, Exchange Online or Entra ID shows: the rows of the one table of failures. The plainest sign
 * in the text decides: an AADSTS code, else an SMTP reply, else a system code, else ISE's words in guest.log or on its page.
 */
export function explain(text: string, table: readonly KnownFailure[] = knownFailures): readonly KnownFailure[] {
  for (const sign of signs) {
    const found = meant(table.filter((row) => sign(row, text)), text);
    if (found.length > 0) return mostCommonFirst(found);
  }
  return mostCommonFirst(wordings.map((wording) => table.filter((row) => wording(row, text))).find((rows) => rows.length > 0) ?? []);
}

function mostCommonFirst(rows: readonly KnownFailure[]): readonly KnownFailure[] {
  return certainties.flatMap((certainty) => rows.filter((row) => row.certainty === certainty));
}

// What Cisco documents comes first: it is what most people have.
const certainties: readonly KnownFailure['certainty'][] = ['documented', 'inferred', 'ours'];

type Sign = (row: KnownFailure, text: string) => boolean;

const signs: readonly Sign[] = [
  ({ codes }, text) => entraCodesIn(text).some((code) => codes.includes(code)),
  ({ replies }, text) => replies.some((reply) => reply.split(' ')[0] === bareCodeOf(text)),
  ({ replies }, text) => repliesIn(text).some((reply) => reply.includes(' ') && replies.includes(reply)),
  ({ replies }, text) => repliesIn(text).some((reply) => replies.includes(reply)),
  ({ replies }, text) => enhancedIn(text).some((enhanced) => replies.some((reply) => reply.endsWith(` ${enhanced}`))),
  ({ codes }, text) => codes.some((code) => /^[A-Z_]{5,}$/.test(code) && wordsOf(text).includes(code)),
];

const wordings: readonly Sign[] = [
  ({ log }, text) => log !== null && patternOf(log.message).test(inOneLine(text)),
  ({ gui, also = [] }, text) => [...(gui === null ? [] : [gui]), ...also].some((each) => sameWords(each, text)),
];

/** Of rows with one code: those whose further words the text has; of a code alone all; of other words the rows that want none, or else all. */
function meant(found: readonly KnownFailure[], text: string): readonly KnownFailure[] {
  if (isReplyAlone(text)) return found;
  const told = found.filter(({ reason }) => reason !== undefined && inOneLine(text).includes(reason));
  const plain = found.filter(({ reason }) => reason === undefined);
  return [told, plain, found].find((rows) => rows.length > 0) ?? [];
}

/** `AADSTS7000215`, the number alone, or an `error_codes` of JSON. */
function entraCodesIn(text: string): string[] {
  const alone = /^\s*(\d{5,7})\s*$/.exec(text);
  const inJson = /"error_codes"\s*:\s*\[([\d,\s]*)\]/.exec(text)?.[1] ?? '';
  return [...[...text.matchAll(/AADSTS(\d+)/gi)].map(([, code = '']) => code), ...(inJson.match(/\d+/g) ?? []), ...(alone?.slice(1) ?? [])];
}

/** `535`, with nothing beside it. */
function bareCodeOf(text: string): string | undefined {
  return /^\s*([45]\d\d)\s*$/.exec(text)?.[1];
}

/** A reply without words, or with those that every refused AUTH has: nothing in it says which of its causes it was. */
function isReplyAlone(text: string): boolean {
  return /^\s*([45]\d\d[ -]?)?([45]\.\d{1,3}\.\d{1,3})?(\s*Authentication unsuccessful)?[\s.,]*$/i.test(text);
}

/** `535 5.7.3` and `535` for "535 5.7.3 Authentication unsuccessful", also in the middle of a line of a log. */
function repliesIn(text: string): string[] {
  return [...text.matchAll(/(?:^|[\s:"'(])([45]\d\d)(?:[ -]([45]\.\d{1,3}\.\d{1,3}))?(?=$|[\s.,;:"')])/gm)].flatMap(([, code = '', enhanced]) => (enhanced === undefined ? [code] : [`${code} ${enhanced}`, code]));
}

/** `5.7.60`, with nothing beside it. */
function enhancedIn(text: string): string[] {
  return /^\s*([45]\.\d{1,3}\.\d{1,3})\s*$/.exec(text)?.slice(1) ?? [];
}

function wordsOf(text: string): string[] {
  return text.match(/[A-Z_]{5,}/g) ?? [];
}

/** Host, port and timeout of a line of guest.log are those of somebody's settings. */
function patternOf(message: string): RegExp {
  const escaped = inOneLine(message).replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(escaped.replaceAll(/\{\w+\}/g, '\\S+?'), 'i');
}

/** One is a part of the other; a word or two of a message are too little. */
function sameWords(known: string, text: string): boolean {
  const [ours, theirs] = [known, text].map((each) => inOneLine(each).toLowerCase().replace(/\.$/, '')) as [string, string];
  return theirs.includes(ours) || (theirs.length >= 10 && ours.includes(theirs));
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
