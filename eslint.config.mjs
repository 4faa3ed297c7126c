import nx from '@nx/eslint-plugin';
import * as jsonc from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

/** The layers, lowest first: what each may import. This table is the architecture; docs/architecture.md draws it. */
const layers = {
  domain: [],
  adapter: ['domain'],
  feature: ['domain', 'adapter'],
  node: ['domain', 'adapter', 'feature'],
  persona: ['domain', 'feature', 'node'],
  double: ['domain', 'adapter'],
  deployment: ['domain', 'adapter'],
  scenario: ['domain', 'adapter', 'deployment'],
  launch: ['domain', 'adapter', 'node', 'persona', 'double', 'deployment'],
  testing: ['domain', 'adapter', 'feature', 'node', 'persona', 'double', 'deployment', 'scenario', 'launch'],
  tool: ['domain', 'adapter', 'feature', 'node', 'persona', 'double', 'deployment', 'scenario', 'launch', 'testing'],
  'whole system': ['domain', 'testing'],
};

export default tseslint.config(
  { ignores: ['**/dist', '**/bundle', '**/node_modules', 'test-results', '.nx'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          banTransitiveDependencies: true,
          allow: ['\\.\\./\\.\\./vitest\\.base\\.ts', '\\.\\./vitest\\.base\\.ts'],
          depConstraints: Object.entries(layers).map(([layer, below]) => ({
            sourceTag: `layer:${layer}`,
            onlyDependOnLibsWithTags: below.map((each) => `layer:${each}`),
          })),
        },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['**/vitest.config.ts', 'vitest.base.ts'], languageOptions: { parserOptions: { projectService: false } }, ...tseslint.configs.disableTypeChecked },
  {
    files: ['{apps,libs}/*/package.json', 'test/package.json'],
    languageOptions: { parser: jsonc },
    plugins: { '@nx': nx },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: ['{projectRoot}/vitest.config.ts', '{projectRoot}/src/**/*.test.ts', '{projectRoot}/src/**/*.contract.ts', '{projectRoot}/src/fixtures/**', '{projectRoot}/{bench,bin}/**'],
          checkVersionMismatches: false,
        },
      ],
    },
  },
);
