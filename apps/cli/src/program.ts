import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { verbGroup } from './command.ts';
import { packageFolder } from './package-folder.ts';
import { CommandProblem } from './problem.ts';

/** Every verb of the command line, in the order of the help; only the one that is named is loaded. */
const verbs: Readonly<Record<string, () => Promise<Command>>> = {
  validate: async () => (await import('./verbs/validate.ts')).validateCommand(),
  graph: async () => (await import('./verbs/graph.ts')).graphCommand(),
  up: async () => (await import('./verbs/up.ts')).upCommand(),
  'nats-config': async () => (await import('./verbs/nats-config.ts')).natsConfigCommand(),
  down: async () => (await import('./verbs/down.ts')).downCommand(),
  status: async () => (await import('./verbs/status.ts')).statusCommand(),
  demo: async () => (await import('./demo/demo-command.ts')).demoCommand(),
  exec: async () => (await import('./verbs/exec.ts')).execVerb(),
  run: async () => (await import('./verbs/run.ts')).runVerb(),
  guest: () => stepGroup('guest', 'do what a sponsor or a guest does at a portal'),
  alarm: async () => stepGroup('alarm', 'raise alarms and list them', (await import('./verbs/alarm.ts')).alarmListCommand()),
  portal: () => stepGroup('portal', 'do what an administrator does on the page of a portal'),
  mail: async () => (await import('./verbs/mail.ts')).mailCommand(),
  m365: async () => (await import('./verbs/m365.ts')).m365Command(),
  clock: async () => (await import('./verbs/clock.ts')).clockCommand(),
  smtp: async () => stepGroup('smtp', "show, change, test and save the SMTP Server page (the primary PAN's)", (await import('./verbs/smtp.ts')).smtpShowCommand()),
  proxy: async () => stepGroup('proxy', 'let tokens and mail go through a proxy', (await import('./verbs/proxy.ts')).proxyShowCommand()),
  'trusted-certificate': async () => stepGroup('trusted-certificate', 'import, list and remove trusted certificates', (await import('./verbs/trusted-certificate.ts')).trustedCertificateListCommand()),
  'guest-email': async () => stepGroup('guest-email', 'show and change Guest Email Settings', (await import('./verbs/settings-pages.ts')).guestEmailShowCommand()),
  'alarm-settings': async () => stepGroup('alarm-settings', 'show and change Alarm Notification: the sender of alarms and who gets all of them', (await import('./verbs/settings-pages.ts')).alarmSettingsShowCommand()),
  'password-policy': async () => stepGroup('password-policy', 'show and change the reminders of passwords that expire, and their sender', (await import('./verbs/settings-pages.ts')).passwordPolicyShowCommand()),
  'log-level': async () => stepGroup('log-level', "show and change how much each component says in a node's guest.log", (await import('./verbs/settings-pages.ts')).logLevelShowCommand()),
  backup: async () => (await import('./verbs/backup.ts')).backupCommand(),
  restore: async () => (await import('./verbs/backup.ts')).restoreCommand(),
  node: () => stepGroup('node', 'kill, start, restart and pause nodes'),
  fault: async () => stepGroup('fault', 'break the way to a host, Microsoft 365, or the link between nodes', (await import('./verbs/fault.ts')).faultListCommand()),
  heal: () => stepAlone('heal'),
  'node-run': async () => (await import('./verbs/node-run.ts')).nodeRunCommand(),
  logs: async () => (await import('./verbs/logs.ts')).logsCommand(),
  explain: async () => (await import('./verbs/explain.ts')).explainCommand(),
  completion: async () => (await import('./verbs/completion.ts')).completionCommand(),
};

/** The verbs below `name` that are steps of scenarios too, and `others`. */
async function stepGroup(name: string, description: string, ...others: Command[]): Promise<Command> {
  const { stepVerbsOf } = await import('./verbs/step-verb.ts');
  return verbGroup(name, description, [...others, ...stepVerbsOf(name)]);
}

async function stepAlone(name: string): Promise<Command> {
  return (await import('./verbs/step-verb.ts')).stepVerbNamed(name);
}

/** Not for people, so in no help. */
const hiddenVerbs: typeof verbs = {
  complete: async () => (await import('./verbs/completion.ts')).completeCommand(loadProgram),
};

const usedWrong = 2;

/** Help was asked for, or shown because a verb was missing. */
export class HelpShown extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('help was shown');
    this.name = 'HelpShown';
    this.exitCode = exitCode;
  }
}

/** The program with the verb that `args` name; with all of them when they name none. */
export async function loadProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('isesim')
    .description("Simulates the mail plane of a Cisco ISE deployment and shows which node sends which mail.")
    .version(version(), '-V, --version', 'print the version')
    .helpCommand('help [verb]', 'show the help of a verb')
    // What stands behind a verb is the verb's: m365 takes PowerShell with options of its own.
    .enablePositionalOptions()
    .addHelpText('after', '\nExamples:\n  isesim demo\n  isesim up topology/demo.yaml --detach\n  isesim guest create --email ana@guest.example\n  isesim mail ls\n\nEvery verb has its own examples: isesim <verb> --help');
  const name = args[0] ?? '';
  const load = verbs[name] ?? hiddenVerbs[name];
  for (const command of await Promise.all((load ? [load] : Object.values(verbs)).map((each) => each()))) program.addCommand(command);
  throwInsteadOfExit(program, 'isesim');
  return program;
}

function throwInsteadOfExit(command: Command, path: string): void {
  command.configureOutput({ outputError: () => undefined });
  command.exitOverride((error) => {
    throw asProblem(error, path, command);
  });
  for (const child of command.commands) throwInsteadOfExit(child, `${path} ${child.name()}`);
}

function asProblem(error: CommanderError, path: string, { args, registeredArguments }: Command): Error {
  if (error.exitCode === 0) return new HelpShown(0);
  if (error.code === 'commander.help') return new HelpShown(usedWrong);
  const remedy = `See "${path} --help".`;
  if (error.code === 'commander.excessArguments') return wrongUse(leftOverText(args.slice(registeredArguments.length), path, registeredArguments.length), remedy);
  const negative = /^error: unknown option '(-\d.*)'/.exec(error.message)?.[1];
  if (negative !== undefined && registeredArguments.length > 0) return wrongUse(`<${registeredArguments[0]?.name() ?? ''}> is "${negative}"`, `It cannot be below 0${path.endsWith(' clock advance') ? ': simulated time does not go back' : ''}. ${remedy}`);
  return wrongUse(error.message.replace(/^error: /, '').replaceAll('\n', ' '), remedy);
}

function wrongUse(message: string, remedy: string): CommandProblem {
  return new CommandProblem({ kind: 'wrong input', code: 'usage', message, remedy });
}

function leftOverText(words: readonly string[], path: string, taken: number): string {
  const takes = taken === 0 ? 'no argument' : taken === 1 ? 'one argument' : `${taken} arguments`;
  return `${words.map((word) => `"${word}"`).join(', ')} ${words.length === 1 ? 'is' : 'are'} left over: ${path} takes ${takes}`;
}

function version(): string {
  const text = readFileSync(join(packageFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
