import { Option, type Command } from 'commander';
import { printsData, verb, type DataOptions } from '../command.ts';

interface UpFlags extends DataOptions {
  readonly detach?: boolean;
  readonly isolation: 'process' | 'inline';
  readonly time: string;
  readonly installNats?: boolean;
  readonly seed: string;
}

export function upCommand(): Command {
  const command = verb('up <topology>', 'boot a deployment and keep it up until Ctrl-C, or in the background', [
    'isesim up topology/demo.yaml',
    'isesim up topology/demo.yaml --detach',
    'isesim up topology/maximum.yaml --isolation inline --time stepped',
  ]);
  command
    .option('--detach', 'return when it is up; "isesim down" stops it')
    .addOption(new Option('--isolation <kind>', 'each node a process of its own, or all within one').choices(['process', 'inline']).default('process'))
    .option('--time <pace>', 'how simulated time passes: real, stepped (only by "isesim clock advance"), or as 60x', 'real')
    .option('--install-nats', 'fetch nats-server into our own cache if there is none')
    .option('--seed <number>', 'where all randomness starts from', '1');
  return printsData(command).action(async (path: string, { json, detach = false, installNats = false, ...flags }: UpFlags) => {
    const { bringUp } = await import('../bring-up.ts');
    await bringUp(path, { ...flags, detach, installNats, json });
  });
}
