import { spawn } from 'node:child_process';

/** Milliseconds until `count` bare Node.js processes have started and ended, so many at a time. */
export async function bareProcesses(count, atOnce) {
  const started = performance.now();
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await new Promise((resolve) => spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('exit', resolve));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return performance.now() - started;
}
