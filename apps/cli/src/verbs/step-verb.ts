import { Option, type Command } from 'commander';
import type { FlagDescription, VerbDescription } from '@isesim/scenario';
import { ask } from '../client/ask-step.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { meanwhile } from '../output/meanwhile.ts';
import { showData } from '../output/show-data.ts';
import { CommandProblem } from '../problem.ts';
import { printable } from '../output/terminal.ts';
import { fieldsGiven } from './fields-given.ts';
import { stepVerbs } from './step-verbs.generated.ts';

/** The verbs below `group` that are steps of scenarios too, in their order. */
export function stepVerbsOf(group: string): Command[] {
  return stepVerbs.filter(({ verb: name }) => name.startsWith(`${group} `)).map(stepVerb);
}

/** A verb that is a step: its flags are the fields, its answer is what the supervisor says. */
export function stepVerbNamed(name: string): Command {
  const found = stepVerbs.find((each) => each.verb === name);
  if (!found) throw new RangeError(`no step has the verb ${name}`);
  return stepVerb(found);
}

function stepVerb(description: VerbDescription): Command {
  const { verb: path, does, examples, argument, flags } = description;
  const name = path.split(' ').at(-1) ?? path;
  const command = verb(argument === undefined ? name : `${name} [${argument}]`, does, examples);
  for (const flag of flags) command.addOption(optionOf(flag));
  return actsOnDeployment(command).action(async (...typed: unknown[]) => {
    const [given, options] = argument === undefined ? [undefined, typed[0]] : [typed[0], typed[1]];
    await askFor(description, given as string | undefined, options as DeploymentOptions & Record<string, string>);
  });
}

function optionOf({ field, kind, describes, choices, secret }: FlagDescription): Option {
  if (secret !== undefined) return new Option(`--${kebab(field)}-file <file>`, `${describes}: a file with it ("-": standard input), or ${secret} in the environment; never an argument`);
  // A switch can stand alone.
  const value = kind === 'true' ? '[true|false]' : `<${kebab(kind)}>`;
  const option = new Option(`--${kebab(field)} ${value}`, describes);
  // Named in the help and by completion; the supervisor judges them, and says which one may have been meant.
  if (choices) option.argChoices = [...choices];
  return option;
}

async function askFor({ verb: path, flags }: VerbDescription, argument: string | undefined, { json, deployment, ...typed }: DeploymentOptions & Record<string, string>): Promise<void> {
  const operation = path.replaceAll(' ', '-');
  const given = { ...(await fieldsGiven(flags, typed, process.env)), ...(argument === undefined ? {} : { argument }) };
  const missing = argument === undefined ? flags.find(({ field, required }) => required === true && !(field in given)) : undefined;
  if (missing) throw new CommandProblem({ kind: 'wrong input', code: 'usage', message: `--${kebab(missing.field)} is missing`, remedy: `See "isesim ${path} --help".` });
  const { answer, says, problem } = await meanwhile(waitsFor[path] ?? 'no answer yet …', () => ask(operation, given, deployment));
  if (!problem || json !== true) showData(operation, answer, { json }, () => printable(says));
  if (problem) throw new CommandProblem(problem, { answer });
}

/** What may take long of a verb, where that is no defect. */
const waitsFor: Readonly<Record<string, string>> = {
  'smtp test': 'no answer yet; a far end that gives none is given up after the Connection Timeout ("isesim smtp show" has it) …',
};

/** `validFor` as `valid-for` */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
