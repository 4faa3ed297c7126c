import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
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
  expect((await deployment.mails({ to: 'ana@guest.example' })).map(({ sentBy }) => sentBy)).toEqual(['ise-1']);

  await rm(folder);
  await deployment.start('ise-2');
  expect(deployment.status().find(({ name }) => name === 'ise-2')?.status).toBe('Connected');
  await deployment.createGuest({ node: 'ise-2', email: 'ben@guest.example' });
  expect((await deployment.mails({ to: 'ben@guest.example' })).map(({ sentBy }) => sentBy)).toEqual(['ise-2']);
});
