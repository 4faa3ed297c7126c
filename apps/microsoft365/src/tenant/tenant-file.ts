import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { seal, unseal, type SealingKey, type Tenant, type Work } from '@isesim/domain';
import type { KeptTenant } from './tenant-state.ts';

const fileName = 'tenant.json';

/** The tenant in the double's folder, its secrets sealed: there is one only where the deployment was kept. */
export class TenantFile {
  readonly #path: string;
  readonly #folder: string;
  readonly #key: SealingKey;
  readonly #work: Work;
  #lane: Promise<void> = Promise.resolve();

  constructor(folder: string, key: SealingKey, work: Work) {
    this.#folder = folder;
    this.#path = join(folder, fileName);
    this.#key = key;
    this.#work = work;
  }

  /** What was kept of this very tenant; undefined when nothing was. */
  async read({ tenantId }: Tenant): Promise<KeptTenant | undefined> {
    const text = await readFile(this.#path, 'utf8').catch(unlessAbsent);
    if (text === undefined) return undefined;
    const kept = unseal(JSON.parse(text), this.#key) as KeptTenant;
    return kept.versions[0].tenant.tenantId === tenantId ? kept : undefined;
  }

  /** Resolves when `kept` is on the disk. Writes happen in the order in which they were asked for. */
  write(kept: KeptTenant): Promise<void> {
    return this.#work.outside('keep the tenant', () => {
      const written = this.#lane.then(() => this.#replace(JSON.stringify(seal(kept, this.#key))));
      this.#lane = written.catch(() => undefined);
      return written;
    });
  }

  /** A kill leaves the old or the new text, never half of one. */
  async #replace(text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = await open(`${this.#path}.partial`, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.#path}.partial`, this.#path);
  }
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
