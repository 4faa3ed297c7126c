import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Problem } from '@isesim/domain';
import { backupText, takeBackup } from '../backup-file.ts';
import { map, words } from '../fields.ts';
import { action, bareField } from '../step.ts';

export const backup = action({
  verb: 'backup',
  does: 'write configuration and accounts into a file, without the SMTP server settings and without any secret',
  examples: ['isesim backup ise.json', 'isesim backup - > ise.json'],
  fields: map({ file: words.min(1).describe("The file. In a scenario a relative path begins in the deployment's own folder, which goes with it") }),
  bare: bareField('file'),
  run: async (stage, { file }) => {
    const { takenAt, accounts } = await write(resolve(stage.folder, file), await takeBackup(stage));
    return { file, takenAt, accounts: accounts.length };
  },
  says: ({ file, takenAt, accounts }) => `backed up ${accounts} accounts and the configuration of ${takenAt} into ${file}`,
});

async function write(path: string, taken: Awaited<ReturnType<typeof takeBackup>>): Promise<typeof taken> {
  try {
    await writeFile(path, backupText(taken), { mode: 0o600 });
    return taken;
  } catch (error) {
    throw new Problem('wrong input', 'file', `${path} could not be written: ${(error as Error).message}`, 'Name a file in a folder that is there and may be written.');
  }
}
