import { Command, Option } from 'commander';
import type { DemoOptions } from './demo.ts';

const examples = `
Examples:
  isesim demo                    every purpose's mail, and which node sent it
  isesim demo --step             the same, a step at a time
  isesim demo --json             the result for a program, on standard output
`;

/** `isesim demo`: boots a small deployment, makes every purpose's mail happen and judges which node sent what. */
export function demoCommand(): Command {
  return new Command('demo')
    .description("boot topology/demo.yaml, make every purpose's mail happen, and show which node sent what")
    .option('--json', 'print the result as one JSON object; what happens goes to standard error')
    .option('--install-nats', 'fetch nats-server if there is none, as the demo does anyway: nothing is installed')
    .addOption(new Option('--isolation <how>', 'run each node as a process of its own, or all of them inline').choices(['process', 'inline']).default('process'))
    .option('--step', 'wait for Enter between the steps')
    .option('--stay', 'keep the deployment up at the end, until Ctrl-C')
    .addHelpText('after', examples)
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./demo.ts');
      process.exitCode = await demo(options, process);
    });
}
