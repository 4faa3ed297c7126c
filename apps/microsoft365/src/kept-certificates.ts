import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { issueServerCertificate } from './certificates.ts';

const certificateSchema = z.object({ key: z.string(), chain: z.string(), root: z.string() });
const certificatesSchema = z.object({ entra: certificateSchema, exchange: certificateSchema });
export type ServerCertificates = z.infer<typeof certificatesSchema>;

const fileName = 'certificates.json';

/** New chains for both servers, each with a root of its own. */
export async function issueCertificates(): Promise<ServerCertificates> {
  const [entra, exchange] = await Promise.all([issueServerCertificate('entra'), issueServerCertificate('exchange')]);
  return { entra, exchange };
}

/** Those that the double had when it was last started from this folder: nodes trust their roots; else new ones. */
export async function keptCertificates(folder: string): Promise<ServerCertificates> {
  const path = join(folder, fileName);
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) return certificatesSchema.parse(JSON.parse(kept));
  const issued = await issueCertificates();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path, JSON.stringify(issued), { mode: 0o600 });
  return issued;
}
