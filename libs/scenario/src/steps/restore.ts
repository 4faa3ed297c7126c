import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Problem } from '@isesim/domain';
import { restoreBackup, restoredText } from '../backup-file.ts';
import { map, words } from '../fields.ts';
import { action, bareField } from '../step.ts';

export const restore = action({
  verb: 'restore',
  does: 'put a backup in place of configuration and accounts; the SMTP Server page is empty afterwards',
  examples: ['isesim restore ise.json', 'isesim restore - < ise.json'],
  fields: map({ file: words.min(1).describe("The file. In a scenario a relative path begins in the deployment's own folder") }),
  bare: bareField('file'),
  run: async (stage, { file }) => ({ file, ...(await restoreBackup(stage, await read(resolve(stage.folder, file)), file)) }),
  says: (restored) => restoredText(restored, restored.file),
});

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Problem('wrong input', 'file', `${path} could not be read: ${(error as Error).message}`, 'Name a file that is there and may be read.');
  }
}
