import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

// Tests run from source: the same condition that TypeScript uses leads an import of a sibling package to its src.
export default defineConfig({
  resolve: { conditions: ['@isesim/source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['@isesim/source', 'node', 'import', 'default'] } },
  test: {
    watch: false,
    include: ['src/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: `${root}/test-results/${relative(root, process.cwd())}.json` }]],
  },
});
