import * as z from 'zod';
import { pageSchemas } from './configuration.ts';
import { guestSchema, internalUserSchema } from './guest.ts';

// The SMTP server is excluded, as the note on its page in ISE says; nodes and roles are the deployment's, not the backup's.
const { 'smtp-server': _excluded, deployment: _own, 'log-levels': logLevels, ...pages } = pageSchemas;

/** What of configuration and accounts is backed up: no page with a secret, no password. */
export const backupContentSchema = z.strictObject({
  pages: z.strictObject({ ...pages, 'log-levels': logLevels.optional() }),
  accounts: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('guest'), guest: guestSchema.omit({ password: true }).strict() }),
      z.strictObject({ kind: z.literal('internal-user'), user: internalUserSchema.strict() }),
    ]),
  ),
});
export type BackupContent = z.infer<typeof backupContentSchema>;
export type BackedUpAccount = BackupContent['accounts'][number];
export type BackedUpGuest = Extract<BackedUpAccount, { kind: 'guest' }>['guest'];

export const backupFormat = 'isesim/backup.v1';

/** A backup as it stands in a file. */
export const backupSchema = backupContentSchema.extend({
  schema: z.literal(backupFormat),
  /** Name of the deployment that it is of. */
  deployment: z.string(),
  /** Simulated, ISO 8601. */
  takenAt: z.string(),
  /** SHA-256 of all else, in hexadecimal digits: shows what has been damaged or changed by hand. */
  digest: z.string(),
});
export type Backup = z.infer<typeof backupSchema>;
