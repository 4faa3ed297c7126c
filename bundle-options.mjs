/** How esbuild bundles what runs as a process, whatever the entry and wherever it goes. */
export const bundleOptions = {
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  conditions: ['@isesim/source'],
  // Packages in CommonJS call require for Node's own modules.
  banner: { js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);" },
  logLevel: 'warning',
};
