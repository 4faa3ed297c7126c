#!/usr/bin/env node
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenStale } from './build-when-stale.js';

const root = join(import.meta.dirname, '../../..');

try {
  await buildWhenStale(root, (line) => process.stderr.write(`${line}\n`));
} catch (error) {
  const { message, remedy = 'See what it says above.' } = error;
  if (process.argv.includes('--json')) console.log(JSON.stringify({ error: { code: 'build', message, remedy } }));
  else console.error(`error: ${message}\n  ${remedy}`);
  process.exit(3);
}
await import(pathToFileURL(join(import.meta.dirname, '../bundle/main.js')).href);
