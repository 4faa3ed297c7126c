import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { readTextFile, sizesMax } from '../client/read-text-file.ts';
import { writeTextFile } from '../client/write-text-file.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { printable } from '../output/terminal.ts';
import { CommandProblem } from '../problem.ts';

interface FileFlags extends DeploymentOptions {
  readonly file?: string;
}

/** The file is written here, not by the supervisor: paths and rights are those of whoever asks. */
export function backupCommand(): Command {
  const command = verb('backup [file]', 'write configuration and accounts into a file, without the SMTP server settings and without any secret', ['isesim backup ise.json', 'isesim backup - > ise.json']);
  return withFile(command, 'the file; "-": standard output').action(async (argument: string | undefined, { json, deployment, ...flags }: FileFlags) => {
    const file = named(argument, flags, 'backup');
    const { text, takenAt, accounts } = await ask('backup-take', {}, { deployment });
    if (file === '-') process.stdout.write(text);
    else {
      writeTextFile(file, text);
      // The file itself is an isesim/backup.v1.
      showData('backup-file', { file, takenAt, accounts }, { json }, () => printable(`backed up ${accounts} accounts and the configuration of ${takenAt} into ${file}`));
    }
  });
}

export function restoreCommand(): Command {
  const command = verb('restore [file]', 'put a backup in place of configuration and accounts; the SMTP Server page is empty afterwards', ['isesim restore ise.json', 'isesim restore - < ise.json']);
  return withFile(command, 'the file; "-": standard input').action(async (argument: string | undefined, { json, deployment, ...flags }: FileFlags) => {
    const file = named(argument, flags, 'restore');
    const { answer, says } = await ask('backup-restore', { file, text: await readTextFile(file, sizesMax.backup) }, { deployment });
    showData('restore', answer, { json }, () => printable(says));
  });
}

function withFile(command: Command, describes: string): Command {
  return actsOnDeployment(command.option('--file <file>', describes));
}

function named(argument: string | undefined, { file }: Pick<FileFlags, 'file'>, path: string): string {
  const name = argument ?? file;
  if (name !== undefined) return name;
  throw new CommandProblem({ kind: 'wrong input', code: 'usage', message: 'no file was named', remedy: `Name one, as in: isesim ${path} ise.json` });
}
