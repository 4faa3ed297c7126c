import { distance } from 'fastest-levenshtein';

const slipsMax = 3;

/** The known names that `written` may have been meant to be, nearest first. */
export function nearest(written: string, known: readonly string[]): string[] {
  const word = written.toLowerCase();
  const far = (name: string) => distance(word, name.toLowerCase());
  const slips = Math.min(slipsMax, Math.floor(word.length / 3));
  return known.filter((name) => far(name) <= slips).sort((one, other) => far(one) - far(other));
}
