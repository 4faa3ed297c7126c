import type { Command } from 'commander';
import { ask } from '../client/ask-step.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { readTextFile, sizesMax } from '../client/read-text-file.ts';
import { assertScriptFits } from '../client/script-length.ts';
import { showData } from '../output/show-data.ts';
import { printable } from '../output/terminal.ts';
import { CommandProblem } from '../problem.ts';
import { stepVerbs } from './step-verbs.generated.ts';

interface M365Flags extends DeploymentOptions {
  readonly command?: string;
  readonly file?: string;
  readonly session?: string;
}

/** Words behind it are PowerShell, its options included: `isesim m365 Get-ServicePrincipal -Identity ISE`. */
export function m365Command(): Command {
  const { does, examples } = stepVerbs.find((each) => each.verb === 'm365') ?? { does: '', examples: ['isesim m365'] as const };
  const command = verb('m365 [powershell...]', `${does}; without it, a prompt`, examples as [string]);
  command
    .option('--command <text>', 'PowerShell as one text')
    .option('--file <file>', 'a script ("-": standard input)')
    .option('--session <name>', 'variables last from one command of a session to the next')
    .passThroughOptions()
    .allowUnknownOption();
  return actsOnDeployment(command).action(async (typed: string[], { json: jsonFirst, deployment, file, session, command: text }: M365Flags) => {
    const { words, json = jsonFirst } = withoutOwnFlags(typed);
    const script = text ?? (file === undefined ? scriptOf(words) : await readTextFile(file, sizesMax.script));
    if (script === '') {
      const { m365Prompt } = await import('../m365-prompt.ts');
      await m365Prompt(deployment);
      return;
    }
    assertScriptFits(script, text === undefined ? nameOf(file) : '--command');
    const { answer, says, problem } = await ask('m365', { command: script, ...(session === undefined ? {} : { session }) }, deployment);
    if (!problem || (json !== true && says !== '')) showData('m365', answer, { json }, () => printable(says));
    if (problem) throw new CommandProblem(problem, { output: says });
  });
}

function nameOf(file: string | undefined): string {
  if (file === undefined) return 'the command';
  return file === '-' ? 'standard input' : file;
}

const ownFlags: readonly string[] = ['--command', '--file', '--session', '--deployment'];

/** `--json` may stand at the end, too; a flag of ours that takes a value would be read as PowerShell there. */
function withoutOwnFlags(words: readonly string[]): { readonly words: readonly string[]; readonly json?: true } {
  if (words.length > 1 && words.at(-1) === '--json') return { ...withoutOwnFlags(words.slice(0, -1)), json: true };
  const flag = words.slice(1).find((word) => ownFlags.includes(word.replace(/=.*$/, '')));
  if (flag === undefined) return { words };
  throw new CommandProblem({ kind: 'wrong input', code: 'usage', message: `${flag} stands behind the cmdlet "${words[0] ?? ''}", where all is PowerShell`, remedy: "isesim's own flags stand before the cmdlet: isesim m365 --deployment lab Get-Mailbox" });
}

/** One word is a script as it stands; of several, the shell has taken the quotes off, so those with spaces get theirs back. */
function scriptOf(words: readonly string[]): string {
  const [only = '', ...more] = words;
  return more.length === 0 ? only : words.map((word) => (/[\s;|{}()'"]/.test(word) && word !== '|' ? `'${word.replaceAll("'", "''")}'` : word)).join(' ');
}
