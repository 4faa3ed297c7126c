import { pathText, type Path } from './finding.ts';
import type { Breach, SoundFile } from './rule.ts';
import { either, shown } from './wording.ts';

/**
 * Fields of the format whose behaviour does not exist yet, and the values that are taken all the same. One line goes when
 * its behaviour comes.
 */
const limited: readonly { readonly field: string; readonly taken: readonly unknown[] }[] = [
  { field: 'panFailover', taken: [] },
  { field: 'nodes[].realAddress', taken: [] },
  { field: 'nodes[].nodeGroup', taken: [] },
  { field: 'portals[].requireApproval', taken: [false] },
];

export function notSupportedYet(file: SoundFile): Breach[] {
  return limited.flatMap(({ field, taken }) =>
    valuesOf(file, field.replaceAll('[]', '.*').split('.'))
      .filter(({ value }) => !taken.some((each) => JSON.stringify(each) === JSON.stringify(value)))
      .map(({ path, value }) => ({ path, at: 'key' as const, message: refusal(path, value, taken) })),
  );
}

/** The words that a field takes so far, none when it must be left out; undefined when it takes all that its format has. */
export function wordsTaken(field: string): string[] | undefined {
  const found = limited.find((each) => each.field === field);
  return found && words(found.taken);
}

function words(taken: readonly unknown[]): string[] {
  return taken.filter((each) => typeof each !== 'object').map(String);
}

function refusal(path: Path, value: unknown, taken: readonly unknown[]): string {
  const remedy = words(taken).length > 0 ? `write ${either(words(taken))}` : 'leave it out';
  const what = typeof value === 'object' ? pathText(path) : `${pathText(path)}: ${shown(value)}`;
  return `${what} is not supported yet; ${remedy}`;
}

/** What the file has at `steps`; `*` stands for every item of a list. */
function valuesOf(value: unknown, steps: readonly string[], path: Path = []): { path: Path; value: unknown }[] {
  const [step, ...rest] = steps;
  if (step === undefined) return value === undefined ? [] : [{ path, value }];
  if (step === '*') return Array.isArray(value) ? value.flatMap((item, index) => valuesOf(item, rest, [...path, index])) : [];
  if (typeof value !== 'object' || value === null) return [];
  return valuesOf((value as Record<string, unknown>)[step], rest, [...path, step]);
}
