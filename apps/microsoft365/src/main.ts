import { readFileSync } from 'node:fs';
import { microsoft365BootSchema } from '@isesim/domain';
import { runMicrosoft365 } from './run-microsoft365.ts';

// The double as a process: credentials file in, ready message out, gone with its parent.
const boot = microsoft365BootSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
process.title = 'isesim microsoft365';
const running = await runMicrosoft365(boot, (what, error) => {
  process.stderr.write(`microsoft365: ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
});
process.once('SIGTERM', () => {
  void running.stop().finally(() => process.exit(0));
});
process.once('SIGINT', () => undefined);
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: running.ready });
