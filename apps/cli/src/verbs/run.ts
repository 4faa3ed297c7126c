import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { printsData, verb, type DataOptions } from '../command.ts';

export interface RunFlags extends DataOptions {
  readonly junit?: string;
  readonly seed?: string;
  readonly jobs: string;
  readonly timeout: string;
  readonly keep?: boolean;
  readonly installNats?: boolean;
}

export function runVerb(): Command {
  const command = verb('run <scenario...>', 'play scenarios, files or folders of them, each on a deployment of its own', [
    'isesim run test/scenarios',
    'isesim run test/scenarios/guest-expiry.yaml --seed 7',
    'isesim run test/scenarios --junit results.xml --json',
    'isesim run test/scenarios/guest-expiry.yaml --keep',
  ]);
  command
    .option('--junit <file>', 'write a report in the form of JUnit, for CI systems')
    .option('--seed <number>', "where all randomness starts from (default: the scenarios' own)")
    .option('--jobs <number>', 'how many to play at a time', String(availableParallelism()))
    .option('--timeout <duration>', 'real time after which a scenario counts as hung', '5m')
    .option('--keep', 'leave the deployment of the first that fails up, to look at it; plays one after another')
    .option('--install-nats', 'fetch nats-server into our own cache if there is none');
  return printsData(command).action(async (paths: string[], flags: RunFlags) => {
    const { run } = await import('../run/run.ts');
    process.exitCode = await run(paths, flags);
  });
}
