import { resolve } from 'node:path';
import { Problem } from '@isesim/domain';
import { readNamedFile, UnreadFile } from '@isesim/topology/file';
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

// An own limit, the command line's too.
const sizeMax = 64_000_000;

async function read(path: string): Promise<string> {
  try {
    return (await readNamedFile(path, { sizeMax })).toString('utf8');
  } catch (error) {
    if (!(error instanceof UnreadFile)) throw error;
    throw new Problem('wrong input', 'file', `${path} could not be read: ${error.fact}`, 'Name the file of a backup that is there and may be read.');
  }
}
