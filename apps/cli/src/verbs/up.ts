import { Option, type Command } from 'commander';
import { printsData, verb, type DataOptions } from '../command.ts';

interface UpFlags extends DataOptions {
  readonly detach?: boolean;
  readonly isolation: 'process' | 'inline';
  readonly time?: string;
  readonly nats?: string;
  readonly listen?: string;
  readonly remote?: string;
  readonly installNats?: boolean;
  readonly seed?: string;
}

export function upCommand(): Command {
  const command = verb('up <topology>', 'boot a deployment and keep it up until Ctrl-C, or in the background', [
    'isesim up topology/demo.yaml',
    'isesim up topology/demo.yaml --detach',
    'isesim up topology/maximum.yaml --isolation inline --time stepped',
    'isesim up topology/medium.yaml --nats nats://nats.example:4222',
    'isesim up topology/medium.yaml --nats nats://nats.example:4222 --remote psn-1=192.168.1.7 --listen 192.168.1.5',
  ]);
  command
    .option('--detach', 'return when it is up; "isesim down" stops it')
    .addOption(new Option('--isolation <kind>', 'each node a process of its own, or all within one').choices(['process', 'inline']).default('process'))
    .option('--time <pace>', 'how simulated time passes: real, stepped (only by "isesim clock advance"), or as 60x (default: real, or as when it was kept)')
    .option('--install-nats', 'fetch nats-server into our own cache if there is none')
    .option('--seed <number>', 'where all randomness starts from (default: 1)')
    .option('--nats <url>', 'use a nats-server that others run; with a login in its URL: environment ISESIM_NATS_URL')
    .option('--remote <nodes>', 'nodes that "isesim node-run" starts elsewhere, as psn-1,psn-2=192.168.1.7 with the address from which each connects')
    .option('--listen <address>', 'where the Microsoft 365 double listens, to be reached from other machines (default: 127.0.0.1)');
  return printsData(command).action(async (path: string, { json, detach = false, installNats = false, isolation, time, seed, nats, listen, remote }: UpFlags) => {
    const { bringUp } = await import('../bring-up.ts');
    await bringUp(path, { isolation, time, seed, nats, listen, remote, detach, installNats, json });
  });
}
