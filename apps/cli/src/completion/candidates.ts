import type { Command } from 'commander';
import { optionNamed, optionNames, placeOf, verbNames, type Place } from './place.ts';
import { valuesOf, type LiveNames } from './values.ts';

/**
 * What may stand in place of the last of `words`, which may be empty: verbs, options and values, as `program` defines them.
 * Nothing when only the shell can know, as with files.
 */
export async function candidatesFor(program: Command, words: readonly string[], live: LiveNames): Promise<string[]> {
  const joined = withoutEqualsSigns(words);
  const typed = joined.at(-1) ?? '';
  const candidates = await candidatesAt(placeOf(program, joined.slice(0, -1)), typed, live);
  return candidates.filter((each) => each.startsWith(typed));
}

async function candidatesAt(place: Place, typed: string, live: LiveNames): Promise<readonly string[]> {
  const { program, command, operands, awaiting } = place;
  if (awaiting) return valuesOf(awaiting, live, place.deployment);
  if (/^--.+=/.test(typed)) return valuesBehindEqualsSign(place, typed, live);
  if (typed.startsWith('-')) return optionNames(place);
  const below = verbNames(command);
  if (below.length > 0) return operands === 0 ? below : [];
  const argument = command.registeredArguments[operands];
  if (!argument) return optionNames(place);
  return argument.name() === 'verb' ? verbNames(program) : valuesOf(argument, live, place.deployment);
}

async function valuesBehindEqualsSign({ command, deployment }: Place, typed: string, live: LiveNames): Promise<string[]> {
  const flag = typed.slice(0, typed.indexOf('='));
  const option = optionNamed(command, flag);
  const values = option ? await valuesOf(option, live, deployment) : [];
  return values.map((value) => `${flag}=${value}`);
}

/** Bash makes three words of `--purpose=al`, and two of `--purpose=`. */
function withoutEqualsSigns(words: readonly string[]): string[] {
  const whole = words.at(-1) === '=' ? [...words, ''] : words;
  return whole.filter((word, index) => word !== '=' || !whole[index - 1]?.startsWith('--'));
}
