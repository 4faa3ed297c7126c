import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootedDeployment } from '@isesim/launch';
import type { Status } from '../operations/status.ts';

/** What a command learns of the deployment that it runs beside. Written down in docs/running.md. */
export async function commandEnvironment({ deployment, nats, microsoft365: { login, smtp, caFile } }: Status, { credentials, folder }: BootedDeployment): Promise<Record<string, string>> {
  const natsSeedFile = join(folder, 'operator.nk');
  await writeFile(natsSeedFile, `${credentials.operator.seed}\n`, { mode: 0o600 });
  return {
    ISESIM_DEPLOYMENT: deployment,
    ISESIM_NATS_URL: nats.url,
    ISESIM_NATS_CREDENTIALS: natsSeedFile,
    ISESIM_LOGIN_ADDRESS: `${login.host}:${login.port}`,
    ISESIM_SMTP_ADDRESS: `${smtp.host}:${smtp.port}`,
    ISESIM_CA_FILE: caFile,
  };
}
