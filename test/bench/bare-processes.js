import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Milliseconds until `count` bare Node.js processes have started and ended, so many at a time. */
export function bareProcesses(count, atOnce) {
  return runAll(count, atOnce, ['-e', '0']);
}

/** The same for processes that load the bundle of a PSN and go as far as reading their (missing) credentials. */
export function connectingProcesses(count, atOnce) {
  return runAll(count, atOnce, [require.resolve('@isesim/psn/main')]);
}

async function runAll(count, atOnce, args) {
  const started = performance.now();
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await new Promise((resolve) => spawn(process.execPath, args, { stdio: 'ignore' }).once('exit', resolve));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return performance.now() - started;
}
