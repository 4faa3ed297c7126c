import { Help, type Command, type Option } from 'commander';

/** Where on the command line the next word stands. */
export interface Place {
  readonly program: Command;
  /** The verb that the words name so far. */
  readonly command: Command;
  /** How many arguments of that verb there are already. */
  readonly operands: number;
  /** The option whose value comes next. */
  readonly awaiting: Option | undefined;
  readonly given: readonly Option[];
  /** What `--deployment` says. */
  readonly deployment: string | undefined;
}

export function placeOf(program: Command, words: readonly string[]): Place {
  const start: Place = { program, command: program, operands: 0, awaiting: undefined, given: [], deployment: undefined };
  return words.reduce(after, start);
}

function after(place: Place, word: string): Place {
  const { awaiting, command, operands } = place;
  // A switch can stand alone.
  const standsAlone = awaiting?.optional === true && word.startsWith('-');
  if (awaiting && !standsAlone) return afterValue({ ...place, awaiting: undefined }, awaiting, word);
  if (word.startsWith('-')) return afterOption(place, word);
  const child = operands === 0 ? visibleCommands(command).find((each) => each.name() === word) : undefined;
  return child ? { ...place, command: child } : { ...place, operands: operands + 1 };
}

function afterOption(place: Place, word: string): Place {
  const [flag = '', ...value] = word.split('=');
  const option = optionNamed(place.command, flag);
  if (!option) return place;
  const given = { ...place, awaiting: undefined, given: [...place.given, option] };
  if (!option.required && !option.optional) return given;
  return value.length > 0 ? afterValue(given, option, value.join('=')) : { ...given, awaiting: option };
}

function afterValue(place: Place, option: Option, value: string): Place {
  return option.attributeName() === 'deployment' ? { ...place, deployment: value } : place;
}

export function optionNamed(command: Command, flag: string): Option | undefined {
  return visibleOptions(command).find(({ long, short }) => long === flag || short === flag);
}

/** The options that are not given yet. */
export function optionNames({ command, given }: Place): string[] {
  return visibleOptions(command).filter((option) => option.variadic || !given.some(({ flags }) => flags === option.flags)).map(({ long, short }) => long ?? short ?? '');
}

export function verbNames(command: Command): string[] {
  return visibleCommands(command).map((each) => each.name());
}

const help = new Help();

function visibleCommands(command: Command): Command[] {
  return help.visibleCommands(command);
}

function visibleOptions(command: Command): Option[] {
  return help.visibleOptions(command);
}
