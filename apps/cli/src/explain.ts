import { knownFailures, knownNotices, type KnownFailure } from '@isesim/domain';
import { nearMisses } from '@isesim/topology/yaml';
import { exceptionsIn, inOneLine, isPartOf, longestOf, nameIn, standsIn, statusOf } from './explain-words.ts';

const everything: readonly KnownFailure[] = [...knownFailures, ...knownNotices];

/**
 * What a text may mean that ISE, Exchange Online or Entra ID shows: the rows of the one table of failures. The plainest sign
 * in the text decides: an AADSTS code, else an SMTP reply, else a system code, else ISE's words in guest.log or on its page,
 * else words of Microsoft's answers, else the name of an exception. Of rows that fit, those for the server that it names.
 */
export function explain(given: string, table: readonly KnownFailure[] = everything): readonly KnownFailure[] {
  const text = inOneLine(given);
  const named = found(table.filter((row) => isOfServer(row, text)), text);
  return mostCommonFirst(named.length > 0 ? named : found(table, text));
}

/** Messages and codes that the text is a slip or two away from. */
export function nearby(text: string, table: readonly KnownFailure[] = everything): string[] {
  const known = table.flatMap(({ gui, also = [], codes }) => [...(gui === null ? [] : [gui]), ...also, ...codes.map((code) => (/^\d+$/.test(code) ? `AADSTS${code}` : code))]);
  return nearMisses(text.trim(), [...new Set(known.map((each) => each.replace('{host}', 'smtp.office365.com')))]);
}

function found(rows: readonly KnownFailure[], text: string): readonly KnownFailure[] {
  for (const layer of layers) {
    const fitting = layer(rows, text);
    if (fitting.length > 0) return fitting;
  }
  return [];
}

function mostCommonFirst(rows: readonly KnownFailure[]): readonly KnownFailure[] {
  return certainties.flatMap((certainty) => rows.filter((row) => row.certainty === certainty));
}

// What Cisco documents comes first: it is what most people have.
const certainties: readonly KnownFailure['certainty'][] = ['documented', 'inferred', 'ours'];

const ofEntra = /Error acquiring token|login\.microsoftonline\.com|asked for an access token|:443\b/;
const ofMailServer = /SmtpSession\b|Couldn't connect to host|(?:ENOTFOUND|UnknownHostException:) \S|:(?:25|587)\b/;

function isOfServer({ stages }: KnownFailure, text: string): boolean {
  if (stages.length === 0) return true;
  if (ofEntra.test(text)) return stages.includes('token');
  return !ofMailServer.test(text) || stages.some((stage) => stage !== 'token');
}

type Sign = (text: string) => (row: KnownFailure) => boolean;

const signs: readonly Sign[] = [
  (text) => {
    const found = entraCodesIn(text);
    return ({ codes }) => found.some((code) => codes.includes(code));
  },
  (text) => {
    const found = bareCodeOf(text);
    return ({ replies }) => replies.some((reply) => reply.split(' ')[0] === found);
  },
  (text) => {
    const found = repliesIn(text).filter((reply) => reply.includes(' '));
    return ({ replies }) => replies.some((reply) => found.includes(reply));
  },
  (text) => {
    const found = repliesIn(text);
    return ({ replies }) => replies.some((reply) => found.includes(reply));
  },
  (text) => {
    const found = enhancedIn(text);
    return ({ replies }) => replies.some((reply) => found.some((enhanced) => reply.endsWith(` ${enhanced}`)));
  },
  (text) => ({ codes }) => codes.some((code) => !/^\d+$/.test(code) && nameIn(code, text)),
];

type Layer = (rows: readonly KnownFailure[], text: string) => readonly KnownFailure[];

const layers: readonly Layer[] = [
  ...signs.map<Layer>((sign) => (rows, text) => meant(rows.filter(sign(text)), text)),
  (rows, text) => longestOf(rows, (row) => logLinesOf(row).filter((line) => standsIn(line, text)).join('').length),
  (rows, text) => rows.filter((row) => (row.gui !== null && standsIn(row.gui, text)) || [row.gui ?? '', ...logLinesOf(row)].some((each) => isPartOf(text, each))),
  (rows, text) => longestOf(rows, ({ also = [] }) => Math.max(0, ...also.map((each) => wordsInCommon(each, text)))),
  (rows, text) => byExceptions(rows, exceptionsIn(text)),
];

function byExceptions(rows: readonly KnownFailure[], names: readonly string[]): readonly KnownFailure[] {
  return longestOf(rows, ({ log, also = [] }) => names.filter((name) => nameIn(name, [log?.message, ...also].join(' '))).length);
}

/** Lines of a message that tell something by themselves, as "grep ERROR" gives them. */
function logLinesOf({ log }: KnownFailure): string[] {
  return (log?.message ?? '').split('\n').filter((line) => line !== '' && line !== 'nested exception is:');
}

/** How much of a known text stands in another, or the other way round. */
function wordsInCommon(known: string, text: string): number {
  if (standsIn(known, text)) return known.length;
  return isPartOf(text, known) || known.startsWith(`${statusOf(text) ?? '-'} `) ? text.length : 0;
}

/** Of rows with one code: those whose further words the text has; of a code alone all; of other words the rows that want none, or else all. */
function meant(rows: readonly KnownFailure[], text: string): readonly KnownFailure[] {
  if (isReplyAlone(text)) return rows;
  const told = rows.filter(({ reason }) => reason !== undefined && standsIn(reason, text));
  const plain = rows.filter(({ reason }) => reason === undefined);
  return [told, plain, rows].find((each) => each.length > 0) ?? [];
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
  const found = [...text.matchAll(/(?:^|[\s:"'(])([45]\d\d)(?:[ -]([45]\.\d{1,3}\.\d{1,3}))?(?=$|[\s.,;:"')])/g)];
  return [...new Set(found.flatMap(([, code = '', enhanced]) => (enhanced === undefined ? [code] : [`${code} ${enhanced}`, code])))];
}

/** `5.7.60`, with nothing beside it. */
function enhancedIn(text: string): string[] {
  return /^\s*([45]\.\d{1,3}\.\d{1,3})\s*$/.exec(text)?.slice(1) ?? [];
}
