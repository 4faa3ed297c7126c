import { distance } from 'fastest-levenshtein';

/** A value as a message shows it: a text in quotes, a list or map by its kind only. */
export function shown(value: unknown): string {
  if (typeof value === 'string' && value !== '') return quoted(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value);
}

/** What kind of value it is, without the value. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

const shownLengthMax = 60;

/** In double quotes, cut short, with nothing in it that could break the line or turn its direction. */
export function quoted(text: string): string {
  const cut = text.length > shownLengthMax ? `${text.slice(0, shownLengthMax)}…` : text;
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `pan, psn or mnt` */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

const nearMissesMax = 3;

/** The known words that `word` may have been meant to be, nearest only; case, dashes and underscores do not count. */
export function nearMisses(word: unknown, known: readonly string[]): string[] {
  if (typeof word !== 'string' || word.length > shownLengthMax) return [];
  const distances = known.map((each) => ({ each, far: distance(bare(word), bare(each)) }));
  const nearest = Math.min(...distances.map(({ far }) => far));
  const slips = word.length < 4 ? 1 : word.length < 8 ? 2 : 3;
  if (nearest > slips || nearest >= bare(word).length) return [];
  return distances.filter(({ far }) => far === nearest).map(({ each }) => each).slice(0, nearMissesMax);
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}
