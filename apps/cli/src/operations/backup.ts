import { backupText, restoreBackup, restoredText, takeBackup } from '@isesim/scenario';
import * as z from 'zod';
import { operation } from './operation.ts';

/** A backup as it is to stand in the asker's file: the paths are the asker's, too. */
export const backupTake = operation({
  takes: z.object({}),
  run: async (supervised) => {
    const backup = await takeBackup(supervised);
    return { text: backupText(backup), takenAt: backup.takenAt, accounts: backup.accounts.length };
  },
});

/** Restores what stood in the asker's file. */
export const backupRestore = operation({
  takes: z.object({ file: z.string(), text: z.string() }),
  run: async (supervised, { file, text }) => {
    const restored = await restoreBackup(supervised, text, file);
    return { answer: { file, ...restored }, says: restoredText(restored, file) };
  },
});
