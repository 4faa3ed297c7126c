import { Option, type Command } from 'commander';
import { printsData, verb } from '../command.ts';
import type { DemoOptions } from './demo.ts';

/** `isesim demo`: boots a small deployment, makes every purpose's mail happen and judges which node sent what. */
export function demoCommand(): Command {
  const command = verb('demo', "boot topology/demo.yaml, make every purpose's mail happen, and show which node sent what", [
    'isesim demo',
    'isesim demo --step',
    'isesim demo --json',
  ]);
  return printsData(command)
    .option('--install-nats', 'fetch nats-server if there is none, without installing it; the demo does so anyway')
    .addOption(new Option('--isolation <how>', 'run each node as a process of its own, or all of them inline').choices(['process', 'inline']).default('process'))
    .option('--step', 'wait for Enter between the steps')
    .option('--stay', 'keep the deployment up at the end, until Ctrl-C')
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./demo.ts');
      process.exitCode = await demo(options, process);
    });
}
