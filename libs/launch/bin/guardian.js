import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

// Plain JavaScript on Node's own modules alone: the guardian must be up before anything that it guards, built or not.
const folder = process.argv[2];
const pids = new Set();
let dismissed = false;

process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [word, pid] = line.split(' ');
    if (word === 'watch') pids.add(Number(pid));
    if (word === 'forget') pids.delete(Number(pid));
    if (word === 'dismiss') dismissed = true;
  })
  .on('close', () => {
    if (dismissed) return;
    for (const pid of pids) end(pid);
    // A process that was just ended may still hold its last file open for a moment.
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
