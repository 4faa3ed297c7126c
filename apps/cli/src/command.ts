import { Command } from 'commander';

/** A verb with its examples: no verb goes without. */
export function verb(usage: string, description: string, examples: readonly [string, ...string[]]): Command {
  const command = new Command(usage.split(' ')[0]).description(description).addHelpText('after', examplesText(examples));
  for (const argument of usage.split(' ').slice(1)) command.argument(argument);
  return command.helpOption('-h, --help', 'show this help');
}

/** A verb that only has verbs below it. */
export function verbGroup(name: string, description: string, verbs: readonly Command[]): Command {
  const group = new Command(name).description(description).helpOption('-h, --help', 'show this help').helpCommand(false);
  for (const each of verbs) group.addCommand(each);
  return group.addHelpText('after', `\nExamples: isesim ${name} <verb> --help`);
}

export interface DataOptions {
  readonly json?: boolean | undefined;
}

/** For a verb that prints data. */
export function printsData(command: Command): Command {
  return command.option('--json', 'print one JSON object (streaming verbs: one a line)');
}

export interface DeploymentOptions extends DataOptions {
  readonly deployment?: string | undefined;
}

/** For a verb that acts on a running deployment. */
export function actsOnDeployment(command: Command): Command {
  return printsData(command.option('--deployment <name>', 'the deployment to act on, when several run here'));
}

function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`;
}
