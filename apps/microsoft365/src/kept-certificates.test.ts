import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keptCertificates } from './kept-certificates.ts';

test('a double that is started again from its folder shows the same certificates, whose keys its owner alone can read', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'isesim-certificates-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, 'microsoft365');
  const first = await keptCertificates(folder);

  expect(await keptCertificates(folder)).toEqual(first);
  expect((await stat(join(folder, 'certificates.json'))).mode & 0o777).toBe(0o600);
  expect((await keptCertificates(join(parent, 'another'))).exchange.root).not.toBe(first.exchange.root);
});
