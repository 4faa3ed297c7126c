import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });

// The rule's own words for each way to break the layers; eslint.config.mjs holds the one table of them.
it.each([
  ['a persona importing the bus', 'apps/psn/src/portals.ts', '@isesim/bus'],
  ['a persona importing a persona', 'apps/psn/src/portals.ts', '@isesim/mnt'],
  ['an adapter importing an adapter', 'libs/topology/src/read-topology.ts', '@isesim/bus'],
  ['the domain importing anything of ours', 'libs/domain/src/audit.ts', '@isesim/clock'],
  ['a package that is not declared', 'libs/domain/src/audit.ts', 'nats'],
  ['a cycle', 'libs/node/src/ise-node.ts', '@isesim/pan'],
])('lint refuses %s', async (_what, file, imported) => {
  const [result] = await eslint.lintText(`import * as it from '${imported}';\nexport default it;\n`, { filePath: join(root, file) });
  expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('@nx/enforce-module-boundaries');
}, 60_000);

it('lint lets each layer import what is below it', async () => {
  const [result] = await eslint.lintText(`import * as it from '@isesim/node';\nexport default it;\n`, { filePath: join(root, 'apps/psn/src/portals.ts') });
  expect(result?.messages).toEqual([]);
}, 60_000);
