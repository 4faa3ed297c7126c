import { createHash } from 'node:crypto';
import { backupContentSchema, backupFormat, backupSchema, formatInstant, Problem, type Backup, type BackupContent } from '@isesim/domain';
import type { Stage } from './stage.ts';

/** A backup of the deployment as it is to stand in a file. */
export async function takeBackup({ deployment }: Stage): Promise<Backup> {
  const content = backupContentSchema.parse(await deployment.settings.backup());
  const backup = { schema: backupFormat, deployment: deployment.topology.name, takenAt: formatInstant(deployment.now()), ...content } as const;
  return { ...backup, digest: digestOf(backup) };
}

export function backupText(backup: Backup): string {
  return `${JSON.stringify(backup, null, 2)}\n`;
}

export interface Restored {
  readonly revision: number;
  readonly takenAt: string;
  /** User names of guests who were not there and have a new password. */
  readonly newPasswords: readonly string[];
  readonly smtpServer: 'not configured';
}

/** Puts the backup that `text` holds in place of what is there. Nothing is changed when it is not one of this deployment. */
export async function restoreBackup({ deployment }: Stage, text: string, file: string): Promise<Restored> {
  const backup = readBackup(text, file);
  const { name } = deployment.topology;
  if (backup.deployment !== name) {
    throw new Problem('refused', 'other-deployment', `${file} is a backup of the deployment "${backup.deployment}", not of "${name}"`, `Name a backup that "${name}" made.`);
  }
  const { pages, accounts } = backup;
  const { revision, newPasswords } = await deployment.settings.restore({ pages, accounts } satisfies BackupContent);
  return { revision, takenAt: backup.takenAt, newPasswords, smtpServer: 'not configured' };
}

/** Throws a `Problem` when `text` is not a backup, not of this format, or not as it was written. */
export function readBackup(text: string, file: string): Backup {
  const value = parseJson(text);
  const format = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (format === undefined) throw wrong(`${file} is not a backup of isesim`);
  if (format !== backupFormat) throw wrong(`${file} has the format ${JSON.stringify(format)}, not "${backupFormat}"`);
  const { digest, ...rest } = value as Record<string, unknown>;
  const parsed = backupSchema.safeParse(value);
  if (!parsed.success || digest !== digestOf(rest)) throw wrong(`${file} is damaged or was changed: its digest does not fit`);
  return parsed.data;
}

export function restoredText({ revision, takenAt, newPasswords }: Restored, file: string): string {
  const passwords = newPasswords.length === 0 ? '' : `\nnew passwords, which a backup does not hold: ${newPasswords.join(', ')}`;
  return `restored ${file}, taken at ${takenAt}, as revision ${revision}${passwords}\nSMTP server: not configured. No mail leaves until it is entered again: isesim smtp set, isesim smtp test, isesim smtp save`;
}

function digestOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrong(fact: string): Problem {
  return new Problem('wrong input', 'backup-file', fact, 'Name a file that "isesim backup" has written; nothing was changed.');
}
