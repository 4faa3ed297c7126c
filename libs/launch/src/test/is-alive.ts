import { readFileSync } from 'node:fs';

/** Whether a process runs. One that has ended and whose new parent has not looked yet still has its id, and is none. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    // There is no such process, or no longer.
    return false;
  }
}
