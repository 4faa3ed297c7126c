import type { BackupContent, Page } from '@isesim/domain';
import { Problem } from '@isesim/domain';
import type { StageDeployment } from './stage.ts';

type Change = Parameters<typeof ask>[1];
type Changed<Name extends keyof BackupContent['pages']> = { readonly value: Page<Name>; readonly revision: number };

/** Changes a page of the primary PAN. */
export async function setPage<Name extends Change['page']>(deployment: StageDeployment, change: Change & { readonly page: Name }): Promise<Changed<Name>> {
  if (Object.keys(change.change).length === 0) throw new Problem('wrong input', 'nothing-set', 'no field was given', 'Give at least one.');
  return (await ask(deployment, change)) as Changed<Name>;
}

function ask(deployment: StageDeployment, change: Parameters<typeof deployment.ask<'set-page'>>[2]) {
  return deployment.ask(deployment.holderOf('primary PAN'), 'set-page', change);
}
