import type { Persona } from '@isesim/domain';
import type { Assume } from '@isesim/node';

/** Loads what a node needs to act as its personas; a node of several personas is one process all the same. */
export async function assumeAll(personas: readonly Persona[]): Promise<Partial<Record<Persona, Assume>>> {
  const assume = { pan: () => import('@isesim/pan'), mnt: () => import('@isesim/mnt'), psn: () => import('@isesim/psn') };
  return {
    ...(personas.includes('pan') ? { pan: (await assume.pan()).assumeAdministration } : {}),
    ...(personas.includes('mnt') ? { mnt: (await assume.mnt()).assumeMonitoring } : {}),
    ...(personas.includes('psn') ? { psn: (await assume.psn()).assumePolicyService } : {}),
  };
}
