#!/usr/bin/env node
// Lints, builds and tests every project through Nx, then counts what the test runner itself reported.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const reports = join(root, 'test-results');
rmSync(reports, { recursive: true, force: true });

const run = (program, ...args) => {
  const { status, error } = spawnSync(join(root, 'node_modules/.bin', program), args, { cwd: root, stdio: 'inherit', env: { ...process.env, NX_TUI: 'false' } });
  if (error) console.error(error.message);
  return status === 0;
};
const nx = (...args) => run('nx', ...args);

// Tests of the bus start a nats-server; a fresh machine has none yet.
async function natsServer() {
  try {
    const { fetchNatsServer, findNatsServer } = await import('@isesim/launch');
    console.log(`nats-server: ${(await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env))}`);
    return true;
  } catch (error) {
    console.error(`${error.message}\n${error.remedy ?? ''}`);
    return false;
  }
}

const steps = [
  ['project references are in step', () => nx('sync:check')],
  ['build', () => nx('run-many', '-t', 'build', '--parallel=2', '--output-style=static')],
  // All at once: project by project, as "nx lint" does it, each run would read the types of all that it builds on anew.
  ['lint', () => run('eslint', '.')],
  ['nats-server', natsServer],
  // One project at a time: tests that start whole systems then have both cores to themselves.
  ['test', () => nx('run-many', '-t', 'test', '--parallel=1', '--output-style=static', '--nxBail=false')],
];
const failedSteps = [];
for (const [name, run] of steps) if (!(await run())) failedSteps.push(name);

let passed = 0;
let failed = 0;
for (const name of existsSync(reports) ? readdirSync(reports, { recursive: true }) : []) {
  if (!name.endsWith('.json')) continue;
  const report = JSON.parse(readFileSync(join(reports, name), 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests + (report.success || report.numFailedTests > 0 ? 0 : 1);
}
for (const name of failedSteps) console.error(`failed: ${name}`);
if (failedSteps.length > 0 && failed === 0) failed = failedSteps.length;
if (passed === 0) failed = Math.max(failed, 1);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
