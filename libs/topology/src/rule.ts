import type { Path } from './finding.ts';
import type { TopologyFile } from './topology-file.ts';
import { either, nearMisses } from './wording.ts';

/** What is left of a file when its mistaken fields are taken out. */
export type Sound<T> = T extends readonly (infer Item)[]
  ? readonly (Sound<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Sound<T[Key]> | undefined }
    : T;

export type SoundFile = Sound<TopologyFile>;

/** A broken rule, at a field. */
export interface Breach {
  readonly path: Path;
  /** Where to point when it is not the value: the field should not be there, or something in it is missing. */
  readonly at?: 'key';
  readonly message: string;
}

/** True when nothing at or below `path` is mistaken. A rule that misses something asks first. */
export type IsSound = (...path: Path) => boolean;

/** Something that ISE demands of several fields together. */
export type Rule = (file: SoundFile, isSound: IsSound) => Breach[];

/** The items of a list that are not mistaken, with their places in it. */
export function entries<Item>(list: readonly (Item | undefined)[] | undefined): [number, Item][] {
  return [...(list ?? []).entries()].filter((entry): entry is [number, Item] => entry[1] !== undefined);
}

/** How a message ends that asks for one of the names in the file. */
export function oneOf(word: string, known: readonly string[]): string {
  const meant = nearMisses(word, known);
  if (meant.length > 0) return `; did you mean ${either(meant)}?`;
  return known.length > 0 && known.length <= 8 ? `, as ${either(known)}` : '';
}
