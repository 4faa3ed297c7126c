import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { expect, it } from 'vitest';

const small = join(import.meta.dirname, '../../topology/small.yaml');

it.each(['inline', 'process'] as const)('a node that cannot be started again holds nobody up, and can be started once that is mended (%s)', async (isolation) => {
  await using deployment = await bootDeployment(small, { isolation });
  await deployment.kill('ise-2');
  const folder = join(deployment.folder, 'nodes', 'ise-2');
  await rm(folder, { recursive: true });
  await writeFile(folder, 'where its folder should be');
  await expect(deployment.start('ise-2')).rejects.toThrow(/EEXIST|ENOTDIR/);

  await deployment.clock.advance('1h');
  expect(deployment.blockers()).toEqual([]);
  expect(deployment.status().find(({ name }) => name === 'ise-2')?.status).toBe('Disconnected');
  await deployment.createGuest({ node: 'ise-1', email: 'ana@guest.example' });
  await expect(deployment).toHaveSent({ to: 'ana@guest.example', sentBy: 'ise-1', count: 1 });

  await rm(folder);
  await deployment.start('ise-2');
  expect(deployment.status().find(({ name }) => name === 'ise-2')?.status).toBe('Connected');
  await deployment.createGuest({ node: 'ise-2', email: 'ben@guest.example' });
  await expect(deployment).toHaveSent({ to: 'ben@guest.example', sentBy: 'ise-2', count: 1 });
});
