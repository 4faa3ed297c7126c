import { join } from 'node:path';
import { latestInstant } from '@isesim/domain';
import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const standalone = join(import.meta.dirname, '../../topology/standalone.yaml');

it('simulated time goes no further than the year 9999; what is refused moves nothing', async () => {
  await using deployment = await bootDeployment(standalone);
  const simulated = deployment.stage.deployment;
  const before = simulated.now();
  for (const to of [latestInstant + 1, 8.64e15 + 1, Infinity, NaN]) {
    await expect(simulated.advance(to)).rejects.toMatchObject({ kind: 'wrong input', code: 'too-late', message: 'that is later than 9999-12-31T23:59:59.999Z, and simulated time ends there' });
  }
  expect(simulated.now()).toBe(before);
  await simulated.advance(before + 1_000);
  expect(simulated.now()).toBe(before + 1_000);
});
