import { runCommand } from './run-command.ts';

// Whoever reads our output may have seen enough, as `head` does: that is no error. A verb that stays listens itself.
process.stdout.on('error', () => {
  if (process.stdout.listenerCount('error') === 1) process.exit(0);
});

const exitCode = await runCommand(process.argv.slice(2));
process.stdout.write('', () => process.exit(exitCode));
