import { Argument, Command } from 'commander';
import { completionScript, shells, type Shell } from '../completion/scripts.ts';
import { printsData, verb, type DataOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';

export function completionCommand(): Command {
  const command = verb('completion', 'print a script by which a shell completes verbs, options and the names of nodes', [
    'isesim completion bash',
    'source <(isesim completion bash)    (in ~/.bashrc; zsh likewise, in ~/.zshrc)',
    'isesim completion fish > ~/.config/fish/completions/isesim.fish',
  ]);
  command.addArgument(new Argument('<shell>', 'the shell that is to complete').choices(shells));
  return printsData(command).action((shell: Shell, options: DataOptions) => {
    const script = completionScript(shell);
    showData('completion', { shell, script }, options, () => script);
  });
}

/** What those scripts call with the words so far: prints what may stand in place of the last one, and never an error. */
export function completeCommand(loadProgram: (args: readonly string[]) => Promise<Command>): Command {
  const command = new Command('complete').argument('[words...]').allowUnknownOption().helpOption(false);
  return command.action(async (words: string[]) => {
    const lines = await candidates(words, loadProgram).catch(() => []);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  });
}

async function candidates(words: readonly string[], loadProgram: (args: readonly string[]) => Promise<Command>): Promise<string[]> {
  const { candidatesFor } = await import('../completion/candidates.ts');
  const { liveNames } = await import('../completion/live-names.ts');
  // Without the last word: while it is being typed, "up" may become another verb.
  return candidatesFor(await loadProgram(words.slice(0, -1)), words, liveNames);
}
