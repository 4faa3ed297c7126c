import type { Command } from 'commander';
import { printsData, verb, type DataOptions } from '../command.ts';

interface NodeRunFlags extends DataOptions {
  readonly nats?: string;
  readonly creds: string;
}

export function nodeRunCommand(): Command {
  const command = verb('node-run <node>', 'run one node of a deployment that was booted elsewhere with "up --remote", until Ctrl-C or until the deployment is stopped', [
    'isesim node-run psn-1 --nats nats://nats.example:4222 --creds psn-1.json',
  ]);
  command
    .requiredOption('--creds <file>', 'the credentials file that "isesim up --remote" wrote for this node')
    .option('--nats <url>', 'the nats-server, when it has another address here than there; or environment ISESIM_NATS_URL');
  return printsData(command).action(async (node: string, { nats, creds, json }: NodeRunFlags) => {
    const { runNode } = await import('../supervisor/run-node.ts');
    await runNode(node, { nats, creds, json });
  });
}
